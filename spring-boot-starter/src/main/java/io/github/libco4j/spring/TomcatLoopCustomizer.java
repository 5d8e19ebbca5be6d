package io.github.libco4j.spring;

import io.github.libco4j.EventLoopGroup;
import java.util.concurrent.Executor;
import org.springframework.boot.tomcat.ConfigurableTomcatWebServerFactory;
import org.springframework.boot.web.server.WebServerFactoryCustomizer;
import org.springframework.core.Ordered;

/** Tomcat handles each request in a coroutine. Its acceptor and its poller keep threads of their own. */
final class TomcatLoopCustomizer implements WebServerFactoryCustomizer<ConfigurableTomcatWebServerFactory>, Ordered {
    private final EventLoopGroup group;

    TomcatLoopCustomizer(EventLoopGroup group) {
        this.group = group;
    }

    @Override
    public void customize(ConfigurableTomcatWebServerFactory factory) {
        Executor requests = group.asExecutor();
        factory.addProtocolHandlerCustomizers(handler -> handler.setExecutor(requests));
    }

    /** After TomcatVirtualThreadsWebServerFactoryCustomizer, which says 1. */
    @Override
    public int getOrder() {
        return 2;
    }
}
