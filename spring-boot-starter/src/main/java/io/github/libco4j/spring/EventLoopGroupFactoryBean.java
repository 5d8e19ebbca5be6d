package io.github.libco4j.spring;

import io.github.libco4j.EventLoop;
import io.github.libco4j.EventLoopGroup;
import java.util.Objects;
import org.apache.commons.logging.Log;
import org.apache.commons.logging.LogFactory;
import org.jspecify.annotations.Nullable;
import org.springframework.beans.factory.DisposableBean;
import org.springframework.beans.factory.FactoryBean;
import org.springframework.beans.factory.InitializingBean;

/**
 * The group of loops, from its start to its end. It ends after the beans that have threads on it, as these have been made later: a
 * pool of connections can still close them on its loop.
 */
final class EventLoopGroupFactoryBean implements FactoryBean<EventLoopGroup>, InitializingBean, DisposableBean {
    private static final Log LOG = LogFactory.getLog(EventLoopGroupFactoryBean.class);

    private final LoopProperties properties;
    private @Nullable EventLoopGroup group;

    EventLoopGroupFactoryBean(LoopProperties properties) {
        this.properties = properties;
    }

    @Override
    public void afterPropertiesSet() {
        EventLoopGroup.Builder builder;
        try {
            builder = EventLoopGroup.builder();
        } catch (IllegalStateException e) {
            throw new LoopsUnavailableException(e);
        }
        // As virtual threads are, so that the same programs end as end with these.
        builder.daemon(true).name(properties.name());
        if (properties.loops() != 0) {
            builder.loops(properties.loops());
        }
        if (properties.stackSize() != null) {
            builder.stackSize(properties.stackSize().toBytes());
        }
        group = builder.start();
        LOG.info("Requests and tasks run on " + group.loops().size() + " event loops");
    }

    @Override
    public EventLoopGroup getObject() {
        return Objects.requireNonNull(group);
    }

    @Override
    public Class<?> getObjectType() {
        return EventLoopGroup.class;
    }

    @Override
    public void destroy() throws InterruptedException {
        EventLoop current = EventLoop.current();
        if (current == null || !getObject().loops().contains(current)) {
            end(getObject());
            return;
        }
        // A request or task has closed the application. It cannot wait for itself.
        getObject().shutdown();
        Thread.ofPlatform().name(properties.name() + "-shutdown").start(() -> {
            try {
                end(getObject());
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        });
    }

    private void end(EventLoopGroup loops) throws InterruptedException {
        loops.shutdown();
        if (!loops.awaitTermination(properties.shutdownTimeout())) {
            LOG.warn("Coroutines have not ended within libco4j.shutdown-timeout (" + properties.shutdownTimeout().toMillis()
                    + " ms), and are told to:\n" + loops.dump());
        }
        try {
            loops.close();
        } catch (IllegalStateException e) {
            LOG.warn("Coroutines have not ended although they were told to", e);
        }
    }
}
