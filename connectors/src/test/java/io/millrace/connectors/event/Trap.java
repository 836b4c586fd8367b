package io.millrace.connectors.event;

import java.util.concurrent.atomic.AtomicBoolean;

/** A class that data names: it tells if anyone so much as initializes it. */
public final class Trap {
    static {
        Sprung.SPRUNG.set(true);
    }

    public Trap() {}

    public Trap(String text) {}

    /** Whether the class was used. */
    static final class Sprung {
        static final AtomicBoolean SPRUNG = new AtomicBoolean();

        private Sprung() {}
    }
}
