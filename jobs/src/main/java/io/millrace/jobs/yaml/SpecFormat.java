package io.millrace.jobs.yaml;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.snakeyaml.engine.v2.api.Dump;
import org.snakeyaml.engine.v2.api.DumpSettings;
import org.snakeyaml.engine.v2.common.FlowStyle;
import org.snakeyaml.engine.v2.nodes.Node;
import org.snakeyaml.engine.v2.schema.CoreSchema;

/**
 * The YAML form of a spec record, derived from its annotations alone.
 *
 * <p>Keys are the components' names in kebab case. An optional component that is left out is null, any other takes
 * its default. Components are texts, numbers, truth values, enums, durations, lists, {@code Map<String, String>},
 * spec records, specs with a text of their own (a static {@code parse(String)}), and sealed interfaces of records.
 *
 * @param <T> the spec record
 */
public final class SpecFormat<T extends Record> {
    private static final DumpSettings PRINTED = DumpSettings.builder()
            .setDefaultFlowStyle(FlowStyle.AUTO)
            .setDereferenceAliases(true)
            .setSchema(new CoreSchema())
            .setWidth(100)
            .build();

    private final Class<T> type;
    private final Fields form;

    private SpecFormat(Class<T> type) {
        this.type = type;
        this.form = new Fields(type);
    }

    public static <T extends Record> SpecFormat<T> of(Class<T> type) {
        return new SpecFormat<>(type);
    }

    /** Reads a file in UTF-8. One that cannot be read is a mistake, too. */
    public Reading<T> read(Path file) {
        Draft draft = new Draft(file.toString());
        String text = content(file, draft);
        return text == null ? new Reading<>(null, draft) : read(text, draft);
    }

    /** Reads a text; mistakes are said to be in the given file. */
    public Reading<T> read(String text, String file) {
        return read(text, new Draft(file));
    }

    private Reading<T> read(String text, Draft draft) {
        Node root = Document.parse(text, draft);
        Object value = root == null ? null : form.read(Place.root(draft, root));
        boolean usable = value != null && draft.mistakes().isEmpty();
        return new Reading<>(usable ? type.cast(value) : null, draft);
    }

    private static @Nullable String content(Path file, Draft draft) {
        try (InputStream bytes = Files.newInputStream(file)) {
            byte[] most = bytes.readNBytes(Document.MOST_BYTES + 1);
            if (most.length > Document.MOST_BYTES) {
                draft.refuse("", Document.TOO_LONG);
                return null;
            }
            return StandardCharsets.UTF_8
                    .newDecoder()
                    .decode(ByteBuffer.wrap(most))
                    .toString();
        } catch (NoSuchFileException e) {
            draft.refuse("", "there is no such file");
        } catch (CharacterCodingException e) {
            draft.refuse("", "the file is not UTF-8 text");
        } catch (IOException e) {
            draft.refuse("", Files.isDirectory(file) ? "this is a directory" : "the file cannot be read");
        }
        return null;
    }

    /** The spec as YAML, every default written out; reading it gives an equal spec, but for secrets, which are masked. */
    public String print(T spec) {
        return new Dump(PRINTED).dumpToString(form.write(spec));
    }

    /** The spec with every {@code ${env:NAME}} and {@code ${file:PATH}} in its texts replaced. Never print the result. */
    public T resolve(T spec) {
        return type.cast(form.resolve(spec));
    }

    /** JSON Schema, draft 2020-12, of the files that can be read. */
    public String schema() {
        return tree().toPrettyString();
    }

    /** The same for people: sections of Markdown, one for each part of a file. */
    public String reference() {
        return Reference.of(tree());
    }

    private JsonNode tree() {
        Definitions definitions = new Definitions();
        Map<String, Object> schema = new LinkedHashMap<>();
        schema.put("$schema", "https://json-schema.org/draft/2020-12/schema");
        schema.putAll(form.schema(definitions));
        schema.put("$defs", definitions.schemas());
        return new ObjectMapper().valueToTree(schema);
    }
}
