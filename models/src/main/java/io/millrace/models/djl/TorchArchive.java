package io.millrace.models.djl;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.zip.CRC32;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;

/**
 * Packs the source of a TorchScript class without attributes into the file that {@code torch::jit::load} reads: an
 * uncompressed zip of the source, a pickle that creates one object of the class, and a format version.
 *
 * @see "PyTorch 2.7, torch/csrc/jit/docs/serialization.md"
 */
public final class TorchArchive {
    private static final String ROOT = "model/";
    private static final byte[] NO_CONSTANTS = {(byte) 0x80, 2, ')', '.'}; // pickle protocol 2, empty tuple
    private static final String FORMAT = "10\n";

    private TorchArchive() {}

    /**
     * The archive's bytes.
     *
     * @param type name of the class
     * @param source declares the class in module {@code __torch__}
     */
    public static byte[] of(String type, String source) {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (ZipOutputStream zip = new ZipOutputStream(bytes)) {
            store(zip, "data.pkl", object(type));
            store(zip, "constants.pkl", NO_CONSTANTS);
            store(zip, "code/__torch__.py", source.getBytes(StandardCharsets.UTF_8));
            store(zip, "version", FORMAT.getBytes(StandardCharsets.UTF_8));
        } catch (IOException e) {
            throw new UncheckedIOException("memory does not fail", e);
        }
        return bytes.toByteArray();
    }

    /** Pickle protocol 2: a new {@code __torch__.type} whose only state is {@code training = False}. */
    private static byte[] object(String type) {
        String global = "c__torch__\n" + type + "\n";
        String create = ")\u0081"; // of no arguments
        String state = "}(X\b\0\0\0training\u0089ub"; // one text of 8 bytes, false; set as state
        return ("\u0080\u0002" + global + create + state + ".").getBytes(StandardCharsets.ISO_8859_1);
    }

    private static void store(ZipOutputStream zip, String name, byte[] content) throws IOException {
        CRC32 checksum = new CRC32();
        checksum.update(content);
        ZipEntry entry = new ZipEntry(ROOT + name);
        entry.setMethod(ZipEntry.STORED);
        entry.setSize(content.length);
        entry.setCrc(checksum.getValue());
        zip.putNextEntry(entry);
        zip.write(content);
        zip.closeEntry();
    }
}
