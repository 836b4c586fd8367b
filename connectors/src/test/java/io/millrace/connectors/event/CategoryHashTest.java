package io.millrace.connectors.event;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;

class CategoryHashTest {
    @Test
    void isMurmurHash3() {
        assertThat(hash("")).isEqualTo(0);
        assertThat(hash("test")).isEqualTo(0xba6bd213);
        assertThat(hash("Hello, world!")).isEqualTo(0xc0363e43);
        assertThat(CategoryHash.murmur3(new byte[0], 1)).isEqualTo(0x514e28b7);
    }

    @Test
    void staysWithinItsBuckets() {
        for (int text = 0; text < 1_000; text++) {
            assertThat(CategoryHash.bucket("value-" + text, 7)).isBetween(0, 6);
        }
        assertThat(CategoryHash.missing(1 << 24)).isNotEqualTo(CategoryHash.bucket("", 1 << 24));
    }

    private static int hash(String text) {
        return CategoryHash.murmur3(text.getBytes(StandardCharsets.UTF_8), 0);
    }
}
