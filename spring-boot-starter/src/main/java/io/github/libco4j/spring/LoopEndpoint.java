package io.github.libco4j.spring;

import io.github.libco4j.EventLoop;
import io.github.libco4j.EventLoopGroup;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.actuate.endpoint.annotation.Endpoint;
import org.springframework.boot.actuate.endpoint.annotation.ReadOperation;
import org.springframework.boot.actuate.endpoint.annotation.Selector;

/** {@code /actuator/loops} has the figures of each loop, {@code /actuator/loops/NAME} the dump of one: what each coroutine is doing. */
@Endpoint(id = "loops")
final class LoopEndpoint {
    private final EventLoopGroup group;

    LoopEndpoint(EventLoopGroup group) {
        this.group = group;
    }

    /** What the endpoint answers. */
    record Loops(String name, boolean open, List<EventLoop.Statistics> loops) {}

    @ReadOperation
    Loops loops() {
        return new Loops(group.name(), group.isOpen(), group.loops().stream().map(EventLoop::statistics).toList());
    }

    /** Null, and so 404, if there is no loop of that name. */
    @ReadOperation(produces = "text/plain;charset=UTF-8")
    @Nullable String dump(@Selector String name) {
        return group.loops().stream().filter(loop -> loop.name().equals(name)).findFirst().map(EventLoop::dump).orElse(null);
    }
}
