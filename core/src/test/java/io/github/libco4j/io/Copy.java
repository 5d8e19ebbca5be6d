package io.github.libco4j.io;

import java.io.File;
import java.lang.reflect.InvocationTargetException;
import java.net.MalformedURLException;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.Future;

/**
 * A copy of libco4j and of the classes of the tests, by a class loader of its own, as an application server loads the one
 * that an application brings.
 */
final class Copy {
    private final URLClassLoader loader;

    /** A copy of what is on the class path, but that classes in the places named are found first. */
    Copy(String name, Path... first) throws MalformedURLException {
        List<URL> path = new ArrayList<>();
        for (Path place : first) {
            path.add(place.toUri().toURL());
        }
        for (String entry : System.getProperty("java.class.path").split(File.pathSeparator, -1)) {
            path.add(Path.of(entry).toUri().toURL());
        }
        loader = new URLClassLoader(name, path.toArray(URL[]::new), ClassLoader.getPlatformClassLoader());
    }

    ClassLoader loader() {
        return loader;
    }

    /** Calls a static method of the copy of {@link Application}. */
    Object call(String method, Class<?>[] types, Object... arguments) throws Exception {
        var called = loader.loadClass(Application.class.getName()).getDeclaredMethod(method, types);
        called.setAccessible(true);
        try {
            return called.invoke(null, arguments);
        } catch (InvocationTargetException e) {
            throw e.getCause() instanceof Exception exception ? exception : e;
        }
    }

    /** Runs a body in a coroutine of the copy's loop; see {@link Strand#outcome}. */
    @SuppressWarnings("unchecked")
    Future<String> spawn(Callable<?> body) throws Exception {
        return (Future<String>) call("spawn", new Class<?>[] {Callable.class}, body);
    }

    String readiness() throws Exception {
        return (String) call("readiness", new Class<?>[0]);
    }

    /** Uses libco4j in the way named, and closes its loops. */
    void use(String how) throws Exception {
        call("use", new Class<?>[] {String.class}, how);
    }
}
