package org.cairnfs.server.nfs.v4.testing;

import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import org.cairnfs.core.fs.FileSystem;

/** File systems of which a test sees, or replaces, some verbs. */
public final class Verbs {
    private Verbs() {}

    /** What happens in place of a verb. */
    @FunctionalInterface
    public interface Interceptor {
        /** @param verb by name; {@code usual} is what the verb would have done */
        Object call(String verb, Object[] arguments, Usual usual) throws Throwable;
    }

    /** The verb itself. */
    @FunctionalInterface
    public interface Usual {
        Object call() throws Throwable;
    }

    /** The file system, with every call going through an interceptor. */
    public static FileSystem intercepted(FileSystem fileSystem, Interceptor interceptor) {
        return (FileSystem) Proxy.newProxyInstance(
                FileSystem.class.getClassLoader(),
                new Class<?>[] {FileSystem.class},
                (proxy, method, arguments) -> interceptor.call(method.getName(), arguments, () -> {
                    try {
                        return method.invoke(fileSystem, arguments);
                    } catch (InvocationTargetException e) {
                        throw e.getCause();
                    }
                }));
    }
}
