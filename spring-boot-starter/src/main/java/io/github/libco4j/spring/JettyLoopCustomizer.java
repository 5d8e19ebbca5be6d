package io.github.libco4j.spring;

import io.github.libco4j.EventLoopGroup;
import org.eclipse.jetty.util.thread.QueuedThreadPool;
import org.springframework.boot.jetty.ConfigurableJettyWebServerFactory;
import org.springframework.boot.web.server.WebServerFactoryCustomizer;
import org.springframework.core.Ordered;

/** Jetty handles each request in a coroutine. A pool has the threads of its acceptor and its selectors, as many as it needs. */
final class JettyLoopCustomizer implements WebServerFactoryCustomizer<ConfigurableJettyWebServerFactory>, Ordered {
    private final EventLoopGroup group;

    JettyLoopCustomizer(EventLoopGroup group) {
        this.group = group;
    }

    @Override
    public void customize(ConfigurableJettyWebServerFactory factory) {
        QueuedThreadPool threads = new QueuedThreadPool();
        threads.setName("jetty");
        threads.setVirtualThreadsExecutor(group.asExecutor());
        factory.setThreadPool(threads);
    }

    /** After JettyVirtualThreadsWebServerFactoryCustomizer, which says 1. */
    @Override
    public int getOrder() {
        return 2;
    }
}
