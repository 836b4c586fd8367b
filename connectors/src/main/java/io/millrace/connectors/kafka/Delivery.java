package io.millrace.connectors.kafka;

import org.apache.flink.connector.base.DeliveryGuarantee;

/** How often a record may appear on a topic after a crash. */
public enum Delivery {
    /** Once, for those who read committed records; it appears with the next checkpoint. */
    EXACTLY_ONCE(DeliveryGuarantee.EXACTLY_ONCE),
    /** Once or more; it appears at once. */
    AT_LEAST_ONCE(DeliveryGuarantee.AT_LEAST_ONCE);

    private final DeliveryGuarantee guarantee;

    Delivery(DeliveryGuarantee guarantee) {
        this.guarantee = guarantee;
    }

    /** The same promise in Flink's words. */
    DeliveryGuarantee guarantee() {
        return guarantee;
    }
}
