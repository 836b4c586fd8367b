package io.millrace.models.lanes;

import java.lang.reflect.Constructor;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Which lanes this JVM uses. The Vector API is an incubating module, there only if asked for at the JVM's start. */
final class Choice {
    private static final Logger LOG = LoggerFactory.getLogger(Choice.class);
    private static final String MODULE = "jdk.incubator.vector";
    private static final String VECTOR_LANES = "io.millrace.models.lanes.VectorLanes"; // compiled apart: see the POM
    private static final boolean VECTORS = ModuleLayer.boot().findModule(MODULE).isPresent();

    static {
        if (VECTORS) {
            LOG.info("kernels use the Vector API");
        } else {
            LOG.info("kernels use plain loops, at about half the speed: start the JVM with --add-modules {}", MODULE);
        }
    }

    private Choice() {}

    static Lanes create() {
        return VECTORS ? vectorLanes() : new LoopLanes();
    }

    /** By name, so that a JVM without the module never meets the class. */
    static Lanes vectorLanes() {
        try {
            Constructor<? extends Lanes> constructor =
                    Class.forName(VECTOR_LANES).asSubclass(Lanes.class).getDeclaredConstructor();
            return constructor.newInstance();
        } catch (ReflectiveOperationException e) {
            throw new IllegalStateException(VECTOR_LANES + " is missing from this build", e);
        }
    }
}
