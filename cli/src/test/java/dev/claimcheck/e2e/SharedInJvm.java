package dev.claimcheck.e2e;

import org.junit.jupiter.api.extension.AfterEachCallback;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.jupiter.api.extension.ExtensionContext.Namespace;
import org.junit.jupiter.api.extension.ExtensionContext.Store;
import org.junit.jupiter.api.extension.ExtensionContext.StoreScope;
import org.junit.jupiter.api.extension.ParameterContext;
import org.junit.jupiter.api.extension.ParameterResolver;

/**
 * Hands a test class what all classes of its JVM share, where a constructor or a method asks for it: the {@link Chromium} and the {@link ConsoleHouse}. Each is made for the first class that asks, and closed, the latest first, when
 * the launcher's session ends: that is after the last class. The root context's store would not do: the build's forks are handed one class after the other, each as a test plan of its own.
 */
final class SharedInJvm implements ParameterResolver, AfterEachCallback {
    private static final Namespace NAMESPACE = Namespace.create(SharedInJvm.class);

    @Override
    public boolean supportsParameter(ParameterContext parameter, ExtensionContext context) {
        Class<?> type = parameter.getParameter().getType();
        return type == Chromium.class || type == ConsoleHouse.class;
    }

    @Override
    public Object resolveParameter(ParameterContext parameter, ExtensionContext context) {
        Store store = store(context);
        Chromium chromium = store.computeIfAbsent(Chromium.class, _ -> Chromium.launch(), Chromium.class);
        return parameter.getParameter().getType() == Chromium.class
                ? chromium
                : store.computeIfAbsent(ConsoleHouse.class, _ -> new ConsoleHouse(chromium), ConsoleHouse.class);
    }

    /** Whatever became of the test, the next one finds the house as this one did. */
    @Override
    public void afterEach(ExtensionContext context) {
        ConsoleHouse house = store(context).get(ConsoleHouse.class, ConsoleHouse.class);
        if (house != null) {
            house.letEverythingGo();
        }
    }

    private static Store store(ExtensionContext context) {
        return context.getStore(StoreScope.LAUNCHER_SESSION, NAMESPACE);
    }
}
