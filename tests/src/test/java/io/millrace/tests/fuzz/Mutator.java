package io.millrace.tests.fuzz;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.Random;

/** Damages good inputs, the same way for the same seed. */
public final class Mutator {
    /** What no small input announces honestly: lengths and numbers at the edges, nesting, and things of other types. */
    private static final List<byte[]> SNIPPETS = List.of(
            new byte[] {-2, -1, -1, -1, -1, -1, -1, -1, -1, 1}, // Avro: the largest long
            new byte[] {-1, -1, -1, -1, -1, -1, -1, -1, -1, 1}, // Avro: the smallest long
            new byte[] {-2, -1, -1, -1, 15}, // Avro: the largest int
            new byte[] {-1, -1, -1, -1, -1, -1, -1, -1, -1, -1, -1}, // an integer that never ends
            new byte[] {(byte) 0xed, (byte) 0xa0, (byte) 0x80}, // a lone surrogate, which is not UTF-8
            new byte[] {0x7f, -1, -1, -1}, // lengths in binary files
            new byte[] {-1, -1, -1, 0x7f, 0, 0, 0, 0},
            new byte[8],
            text("[".repeat(3_000)),
            text("{\"a\":".repeat(1_500)),
            text("{\"class\":[{}],\"a\":{}}"),
            text("- ".repeat(2_000)),
            text("\"\\ud800\\u0000\""),
            text("\""),
            text("\"\"\"\n"),
            text("\n"),
            text("NaN"),
            text("-Infinity"),
            text("1e999"),
            text("-1e-999999999"),
            text("1e999999999"),
            text("9".repeat(5_000)),
            text("0.".concat("0".repeat(5_000))),
            text("+999999999-12-31T23:59:59Z"),
            text("-0"),
            text("true"),
            text("null"),
            text("[]"),
            text("{}"),
            text("\"text\""),
            text(",".repeat(20_000)),
            text("&a *a"),
            text("!!javax.script.ScriptEngineManager "),
            text("${file:/dev/null}"),
            text("${env:NO_SUCH_VARIABLE}"),
            text("../"),
            text("\u0000"),
            text("? "),
            text("%"),
            text("---\n"));

    private final Random random;

    public Mutator(long seed) {
        random = new Random(seed);
    }

    /** One to three injuries of an input that is not empty. */
    public byte[] damaged(byte[] good) {
        byte[] bytes = good.clone();
        for (int injuries = 1 + random.nextInt(3); injuries > 0 && bytes.length > 0; injuries--) {
            bytes = injured(bytes);
        }
        return bytes;
    }

    /** An input in which one stretch has given way to very many equal bytes. */
    public byte[] inflated(byte[] good, int size) {
        byte[] filling = new byte[size];
        Arrays.fill(filling, (byte) "x9 \\,[\u0001".charAt(random.nextInt(7)));
        return spliced(good, filling);
    }

    private byte[] injured(byte[] bytes) {
        switch (random.nextInt(6)) {
            case 0 -> bytes[random.nextInt(bytes.length)] ^= (byte) (1 << random.nextInt(8));
            case 1 -> bytes[random.nextInt(bytes.length)] = (byte) random.nextInt(256);
            case 2 -> {
                return Arrays.copyOf(bytes, random.nextInt(bytes.length));
            }
            case 3 -> {
                int from = random.nextInt(bytes.length);
                int to = from + random.nextInt(bytes.length - from);
                return spliced(bytes, Arrays.copyOfRange(bytes, from, to)); // a stretch of itself, elsewhere
            }
            default -> {
                return spliced(bytes, SNIPPETS.get(random.nextInt(SNIPPETS.size())));
            }
        }
        return bytes;
    }

    /** Puts other bytes in the place of a stretch of at most 12. */
    private byte[] spliced(byte[] bytes, byte[] other) {
        int from = random.nextInt(bytes.length + 1);
        int to = Math.min(bytes.length, from + random.nextInt(13));
        byte[] spliced = Arrays.copyOf(bytes, from + other.length + bytes.length - to);
        System.arraycopy(other, 0, spliced, from, other.length);
        System.arraycopy(bytes, to, spliced, from + other.length, bytes.length - to);
        return spliced;
    }

    private static byte[] text(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }
}
