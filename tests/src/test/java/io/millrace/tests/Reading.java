package io.millrace.tests;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;

/**
 * What a weather station says, as a Kafka record in JSON.
 *
 * @param station the record's key and, if the record is good, the event's
 * @param value null for the one fault that has none
 * @param fault null if the record is good
 */
record Reading(String station, byte[] value, Fault fault) {

    /** What may be wrong with a record. */
    enum Fault {
        UNDECODABLE("the record is not valid JSON"),
        NOT_A_NUMBER("the record is not valid JSON"),
        INFINITE("temperature=1e999 must be a finite number"),
        MISTYPED("temperature=\"mild\" is not a number"),
        WITHOUT_KEY("station is missing, but it is the event's key"),
        OF_AN_UNKNOWN_CLASS("weather=\"hail\" is not one of the classes [dry, rain]"),
        WITHOUT_VALUE("the record has no value");

        /** How the reason in the dead letter begins. */
        final String reason;

        Fault(String reason) {
            this.reason = reason;
        }

        private byte[] spoil(ObjectNode fields) {
            return switch (this) {
                case UNDECODABLE -> new byte[] {(byte) 0xff, 0, 17};
                case NOT_A_NUMBER -> bytes(temperature(fields, "NaN"));
                case INFINITE -> bytes(temperature(fields, "1e999"));
                case MISTYPED -> bytes(temperature(fields, "\"mild\""));
                case WITHOUT_KEY -> bytes(fields.without("station").toString());
                case OF_AN_UNKNOWN_CLASS -> bytes(fields.put("weather", "hail").toString());
                case WITHOUT_VALUE -> null;
            };
        }

        private static String temperature(ObjectNode fields, String written) {
            return fields.toString().replaceFirst("\"temperature\":[^,]*", "\"temperature\":" + written);
        }
    }

    /** Good readings only, the same at every call. */
    static List<Reading> good(int count, int stations) {
        return mixed(count, stations, 0);
    }

    /** Good readings with so many of every fault among them, the same at every call. */
    static List<Reading> mixed(int count, int stations, int perFault) {
        Random random = new Random(2311);
        List<Fault> faults = new ArrayList<>(Collections.nCopies(count, null));
        for (Fault fault : Fault.values()) {
            faults.addAll(Collections.nCopies(perFault, fault));
        }
        Collections.shuffle(faults, random);
        List<Reading> readings = new ArrayList<>();
        for (Fault fault : faults) {
            String station = "station-" + random.nextInt(stations);
            ObjectNode fields = fields(station, readings.size(), random);
            readings.add(new Reading(station, fault == null ? bytes(fields.toString()) : fault.spoil(fields), fault));
        }
        return readings;
    }

    /** One in ten does not say how the weather was, one in twenty lacks the pressure. */
    private static ObjectNode fields(String station, int number, Random random) {
        double temperature = 10 + 8 * random.nextGaussian();
        double pressure = 1013 + 10 * random.nextGaussian();
        int threshold = station.hashCode() % 7;
        boolean rain = pressure - 1013 + (temperature - 10) / 2 + 2 * random.nextGaussian() < threshold;
        ObjectNode fields = JsonNodeFactory.instance.objectNode();
        fields.put("id", "reading-" + number);
        fields.put("station", station);
        fields.put("time", 1_700_000_000_000L + number);
        fields.put("temperature", temperature);
        fields.put("pressure", random.nextInt(20) == 0 ? null : (Double) pressure);
        fields.put("sky", List.of("clear", "grey", "black").get(random.nextInt(3)));
        if (random.nextInt(10) > 0) {
            fields.put("weather", rain ? "rain" : "dry");
        }
        return fields;
    }

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    byte[] key() {
        return bytes(station);
    }

    boolean good() {
        return fault == null;
    }
}
