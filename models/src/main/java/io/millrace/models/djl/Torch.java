package io.millrace.models.djl;

import ai.djl.engine.Engine;
import ai.djl.engine.EngineException;
import ai.djl.engine.StandardCapabilities;
import ai.djl.pytorch.engine.PtNDManager;
import ai.djl.pytorch.jni.JniUtils;
import java.nio.file.Path;
import java.util.Locale;

/** Loads PyTorch's native library, once per JVM, and finds devices. */
final class Torch {
    private static final String LIBRARY_PATH = "PYTORCH_LIBRARY_PATH";

    private Torch() {}

    /**
     * A new owner of native memory on a device.
     *
     * @throws IllegalStateException if the library cannot be loaded or the device is missing; says what to do
     */
    static PtNDManager manager(Device device) {
        Engine engine = load();
        boolean gpu = engine.hasCapability(StandardCapabilities.CUDA) && engine.getGpuCount() > 0;
        if (device == Device.GPU && !gpu) {
            throw new IllegalStateException("device gpu: PyTorch " + engine.getVersion() + " for " + platform()
                    + " sees no GPU. It needs an NVIDIA driver, libcudart where the loader finds it, and libraries built"
                    + " for CUDA in the directory that " + LIBRARY_PATH + " names; or choose device cpu");
        }
        return (PtNDManager)
                engine.newBaseManager(gpu && device != Device.CPU ? ai.djl.Device.gpu(0) : ai.djl.Device.cpu());
    }

    private static Engine load() {
        byDefault("ai.djl.offline", "DJL_OFFLINE", "true"); // what is not on the class path or disk is not downloaded
        byDefault("OPT_OUT_TRACKING", "OPT_OUT_TRACKING", "true");
        try {
            Engine engine = Engine.getEngine("PyTorch");
            JniUtils.setNumThreads(1); // an executor is one of many tasks, each with a core of its own
            return engine;
        } catch (EngineException | IllegalArgumentException | LinkageError e) {
            throw new IllegalStateException(unavailable(e), e);
        }
    }

    /** Sets a property unless the user has set it, there or in the environment. */
    private static void byDefault(String property, String variable, String value) {
        if (System.getProperty(property) == null
                && System.getProperty(variable) == null
                && System.getenv(variable) == null) {
            System.setProperty(property, value);
        }
    }

    private static String unavailable(Throwable e) {
        Throwable root = e;
        while (root.getCause() != null) {
            root = root.getCause();
        }
        String directory = System.getProperty(LIBRARY_PATH, System.getenv(LIBRARY_PATH));
        return "executor djl: PyTorch's library for " + platform() + " cannot be loaded (" + root + "). It is looked"
                + " for in " + LIBRARY_PATH + " (" + (directory == null ? "not set" : Path.of(directory))
                + "), in DJL's"
                + " cache and in pytorch-native-cpu and pytorch-jni on the class path. Put both there, in versions that"
                + " fit each other; or choose executor jvm";
    }

    private static String platform() {
        return (System.getProperty("os.name") + "-" + System.getProperty("os.arch")).toLowerCase(Locale.ROOT);
    }
}
