package io.millrace.jobs.example;

import io.millrace.models.Inputs;
import io.millrace.models.ModelSpec;
import io.millrace.models.Problem;
import io.millrace.models.Target;
import io.millrace.models.layer.Dense;
import io.millrace.models.layer.Standardize;
import io.millrace.models.layer.Tanh;
import io.millrace.models.metrics.Scores;
import io.millrace.models.optimizer.Sgd;
import io.millrace.operators.LearnerSpec;
import io.millrace.operators.OnlineLearner;
import io.millrace.state.records.Prediction;
import io.millrace.state.records.Sample;
import java.util.List;
import java.util.Random;
import org.apache.flink.api.connector.sink2.Sink;
import org.apache.flink.streaming.api.datastream.DataStream;
import org.apache.flink.streaming.api.environment.StreamExecutionEnvironment;
import org.apache.flink.streaming.api.functions.sink.PrintSink;

/** A hundred models learn, each from its own key's samples, whether a point lies inside a circle. */
public final class JavaApi {
    private JavaApi() {}

    public static void main(String[] args) throws Exception {
        StreamExecutionEnvironment flink = StreamExecutionEnvironment.getExecutionEnvironment();
        run(flink, new PrintSink<>()).sinkTo(new PrintSink<>());
        flink.execute("circles");
    }

    static DataStream<Scores> run(StreamExecutionEnvironment flink, Sink<Prediction> sink) {
        DataStream<Sample> samples =
                flink.fromSequence(0, 99_999).map(JavaApi::sample).returns(Sample.class);
        // readme: begin
        Problem problem = new Problem(Inputs.numeric(2), new Target.Classes(List.of("outside", "inside")));
        ModelSpec model = new ModelSpec(List.of(new Standardize(), new Dense(16), new Tanh()), null, new Sgd(0.1), 1);
        OnlineLearner.Learnt learnt =
                OnlineLearner.of(LearnerSpec.of(model, problem)).apply(samples.keyBy(Sample::key));
        learnt.predictions().sinkTo(sink); // one for every sample, in order per key
        DataStream<Scores> scores = learnt.telemetry() // accuracy beside naive baselines
                .map(telemetry -> Scores.of(telemetry.overall()))
                .returns(Scores.class);
        // readme: end
        return scores;
    }

    private static Sample sample(long number) {
        Random random = new Random(number);
        float[] point = {random.nextFloat(), random.nextFloat()};
        float inside = Math.hypot(point[0], point[1]) < 0.8 ? 1 : 0;
        return Sample.of("key-" + number % 100, "sample-" + number, number, point, inside);
    }
}
