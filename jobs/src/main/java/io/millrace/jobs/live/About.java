package io.millrace.jobs.live;

import com.fasterxml.jackson.annotation.JsonInclude;
import io.millrace.jobs.demo.Drift;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What is known of a job before it runs.
 *
 * @param name the job's name
 * @param spec the job with every default written out, as YAML, without secrets
 * @param planned how many events there will be; null if nobody knows
 * @param drifts when the stream changes what there is to learn, where that is known
 * @param predictions the topic that predictions go to; null if there is none
 * @param deadLetters the topic that dead letters go to; null if there is none
 */
@JsonInclude(JsonInclude.Include.NON_NULL)
public record About(
        String name,
        String spec,
        @Nullable Long planned,
        List<Drift> drifts,
        @Nullable String predictions,
        @Nullable String deadLetters) {
    public About {
        drifts = List.copyOf(drifts);
    }
}
