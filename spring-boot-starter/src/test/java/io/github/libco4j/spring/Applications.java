package io.github.libco4j.spring;

import io.github.libco4j.Coroutine;
import java.util.Arrays;
import java.util.Map;
import java.util.stream.Stream;
import org.springframework.boot.SpringApplication;
import org.springframework.boot.WebApplicationType;
import org.springframework.context.ConfigurableApplicationContext;

/** Starts real applications, as {@code main} would. */
final class Applications {
    private Applications() {}

    static ConfigurableApplicationContext start(Class<?> configuration, String... properties) {
        return start(WebApplicationType.NONE, configuration, properties);
    }

    static ConfigurableApplicationContext startServer(Class<?> configuration, String... properties) {
        return start(WebApplicationType.SERVLET, configuration,
                Stream.concat(Stream.of("server.port=0", "server.address=127.0.0.1"), Arrays.stream(properties)).toArray(String[]::new));
    }

    private static ConfigurableApplicationContext start(WebApplicationType type, Class<?> configuration, String... properties) {
        SpringApplication application = new SpringApplication(configuration);
        application.setWebApplicationType(type);
        application.setLogStartupInfo(false);
        application.setDefaultProperties(Map.of("spring.main.banner-mode", "off", "libco4j.loops", 2));
        return application.run(Arrays.stream(properties).map(property -> "--" + property).toArray(String[]::new));
    }

    /** The loop on which the caller is a coroutine, or the thread that it is on. */
    static String whereAmI() {
        Coroutine current = Coroutine.current();
        return current != null ? current.loop().name() : Thread.currentThread().toString();
    }
}
