package io.millrace.jobs.serve;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.junit.jupiter.api.Test;

class QuestionTest {
    private static final String EVENTS = " [{\"a\": \"\u00e4\"}, {} ,{\"b\":[{}]}] ";

    @Test
    void keepsTheBytesOfEveryEvent() throws Refusal {
        for (String mark : List.of("", "\uFEFF")) {
            Question question = Question.of((mark + EVENTS).getBytes(StandardCharsets.UTF_8));
            assertThat(question.several()).isTrue();
            assertThat(question.events().stream().map(event -> new String(event, StandardCharsets.UTF_8)))
                    .containsExactly("{\"a\": \"\u00e4\"}", "{}", "{\"b\":[{}]}");
        }
    }

    /** Of 4 MiB of empty objects an answer of hundreds of megabytes would be made. */
    @Test
    void asksAboutABoundedNumberOfEvents() throws Refusal {
        String most = "{},".repeat(Question.MOST_EVENTS - 1) + "{}";
        assertThat(Question.of(("[" + most + "]").getBytes(StandardCharsets.UTF_8))
                        .events())
                .hasSize(Question.MOST_EVENTS);
        assertThatThrownBy(() -> Question.of(("[" + most + ",{}]").getBytes(StandardCharsets.UTF_8)))
                .isInstanceOf(Refusal.class)
                .hasMessage("the request asks about more than 100000 events: ask in several");
    }

    @Test
    void refusesOtherEncodings() {
        for (Charset other : List.of(StandardCharsets.UTF_16LE, StandardCharsets.UTF_16BE, StandardCharsets.UTF_16)) {
            assertThatThrownBy(() -> Question.of("{\"a\": 1}".getBytes(other)))
                    .isInstanceOf(Refusal.class)
                    .hasMessage("the body is not in UTF-8")
                    .satisfies(
                            refusal -> assertThat(((Refusal) refusal).status()).isEqualTo(400));
        }
    }
}
