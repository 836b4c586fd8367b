package io.millrace.connectors.event;

/** What a format says about a field before any record is read. */
public enum FieldType {
    /** A number, boolean or timestamp. */
    NUMBER("a number"),
    /** Text, or one of several symbols. */
    TEXT("text"),
    /** Either, from record to record. */
    MIXED("a number or text"),
    /** Text that may be meant as a number, as everything in CSV is. */
    UNTYPED("text or a number"),
    /** Bytes, a list, a map or a record: nothing an event can be made of. */
    OTHER("neither a number nor text");

    private final String meaning;

    FieldType(String meaning) {
        this.meaning = meaning;
    }

    boolean mayBeNumber() {
        return this != TEXT && this != OTHER;
    }

    @Override
    public String toString() {
        return meaning;
    }
}
