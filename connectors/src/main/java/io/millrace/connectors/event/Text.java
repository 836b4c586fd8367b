package io.millrace.connectors.event;

import com.fasterxml.jackson.core.io.NumberInput;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;

/** Text as it is read, shown and understood as a number. */
final class Text {
    private static final int SHOWN = 40;
    private static final char REPLACEMENT = '\uFFFD';

    private Text() {}

    /** Decodes UTF-8 and refuses what is not: two broken keys must not become the same one. */
    static String utf8(byte[] bytes, int offset, int length) throws BadEvent {
        String text = new String(bytes, offset, length, StandardCharsets.UTF_8);
        if (text.indexOf(REPLACEMENT) >= 0) {
            requireUtf8(ByteBuffer.wrap(bytes, offset, length));
        }
        return text;
    }

    private static void requireUtf8(ByteBuffer bytes) throws BadEvent {
        try {
            StandardCharsets.UTF_8.newDecoder().decode(bytes);
        } catch (CharacterCodingException e) {
            throw new BadEvent("the record holds text that is not UTF-8");
        }
    }

    /** True if UTF-8 can hold the text: no half of a surrogate pair stands alone in it, as JSON's escapes can write one. */
    static boolean writable(String text) {
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            boolean pair = Character.isHighSurrogate(c)
                    && i + 1 < text.length()
                    && Character.isLowSurrogate(text.charAt(i + 1));
            if (Character.isSurrogate(c) && !pair) {
                return false;
            }
            i += pair ? 1 : 0;
        }
        return true;
    }

    /** The text, cut after 40 characters. */
    static String shortened(String text) {
        return text.length() <= SHOWN ? text : text.substring(0, SHOWN) + "...";
    }

    /** True for the spellings that stand for a missing value where everything is text. */
    static boolean missing(String text) {
        return switch (text.strip()) {
            case "", "NA", "NaN", "null", "?" -> true;
            default -> false;
        };
    }

    /** The number that decimal digits spell; NaN for any other text, infinite if it is too large. */
    static double number(String text) {
        String digits = text.strip();
        for (int i = 0; i < digits.length(); i++) {
            char c = digits.charAt(i);
            boolean digit = c >= '0' && c <= '9';
            if (!digit && c != '.' && c != '-' && c != '+' && c != 'e' && c != 'E') {
                return Double.NaN;
            }
        }
        try {
            return NumberInput.parseDouble(digits, true);
        } catch (NumberFormatException e) {
            return Double.NaN;
        }
    }
}
