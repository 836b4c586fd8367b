package io.millrace.jobs.run;

import io.millrace.connectors.event.Decoded;
import org.apache.flink.api.common.eventtime.TimestampAssigner;
import org.apache.flink.api.common.eventtime.TimestampAssignerSupplier;
import org.apache.flink.api.common.eventtime.Watermark;
import org.apache.flink.api.common.eventtime.WatermarkGenerator;
import org.apache.flink.api.common.eventtime.WatermarkGeneratorSupplier;
import org.apache.flink.api.common.eventtime.WatermarkOutput;
import org.apache.flink.api.common.eventtime.WatermarkStrategy;

/**
 * Event time of a file's records. It passes with the records and not with a clock, so that an evaluation comes out the
 * same every time.
 *
 * @param outOfOrderMillis how much later than a younger event an event may come
 * @param stepMillis how much time passes before it is told
 */
record FileTime(long outOfOrderMillis, long stepMillis) implements WatermarkStrategy<Decoded> {
    @Override
    public TimestampAssigner<Decoded> createTimestampAssigner(TimestampAssignerSupplier.Context context) {
        return (decoded, timestamp) -> decoded.sample() == null
                ? TimestampAssigner.NO_TIMESTAMP
                : decoded.sample().time();
    }

    @Override
    public WatermarkGenerator<Decoded> createWatermarkGenerator(WatermarkGeneratorSupplier.Context context) {
        return new WatermarkGenerator<>() {
            private long next = Long.MIN_VALUE;

            @Override
            public void onEvent(Decoded decoded, long millis, WatermarkOutput output) {
                if (decoded.sample() != null && millis >= next) {
                    next = millis + Math.max(1, stepMillis);
                    output.emitWatermark(new Watermark(millis - outOfOrderMillis - 1));
                }
            }

            @Override
            public void onPeriodicEmit(WatermarkOutput output) {}
        };
    }
}
