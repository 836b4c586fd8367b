package io.millrace.connectors.event;

/** Where the labels of events are found. */
public enum LabelPlace {
    /** Nowhere: events are asked about, not learnt. */
    NOWHERE,
    /** In the event's own record; without one there it is only predicted. */
    WITH_EVENT,
    /** In the event's own record or in a later one of the same topic, which may hold nothing else. */
    LATER_IN_TOPIC,
    /** In records of another topic; {@link LabelRecordReader} reads them. */
    OTHER_TOPIC;

    /** Whether labels look for their events by id, so that every event must bring one. */
    boolean needsId() {
        return this == LATER_IN_TOPIC || this == OTHER_TOPIC;
    }

    /** Whether the records of events may bring labels. */
    boolean inRecords() {
        return this == WITH_EVENT || this == LATER_IN_TOPIC;
    }
}
