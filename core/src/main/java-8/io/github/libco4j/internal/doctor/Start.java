package io.github.libco4j.internal.doctor;

import java.lang.reflect.InvocationTargetException;

/**
 * What {@code java -jar libco4j.jar} starts. All else is compiled for the JDK that libco4j needs; this class is compiled
 * for Java 8, so that an older JVM can load it and say what it lacks. On any other it is the {@link Doctor}.
 */
public final class Start {
    /** The JDK for which all other classes are compiled. */
    static final int NEEDED = 25;

    private Start() {}

    public static void main(String[] args) throws Throwable {
        try {
            Class<?> doctor = Class.forName("io.github.libco4j.internal.doctor.Doctor");
            doctor.getMethod("main", String[].class).invoke(null, (Object) args);
        } catch (UnsupportedClassVersionError e) {
            System.err.println("libco4j needs JDK " + NEEDED + "; this is Java " + System.getProperty("java.version")
                    + " in " + System.getProperty("java.home") + ": start it with the java of a JDK " + NEEDED);
            System.exit(1);
        } catch (InvocationTargetException e) {
            throw e.getCause();
        }
    }
}
