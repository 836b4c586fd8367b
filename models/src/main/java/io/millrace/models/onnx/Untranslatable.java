package io.millrace.models.onnx;

/** Something that a stage computes and ONNX export does not know; the message says what. */
final class Untranslatable extends IllegalArgumentException {
    Untranslatable(String what) {
        super("ONNX export does not know " + what);
    }
}
