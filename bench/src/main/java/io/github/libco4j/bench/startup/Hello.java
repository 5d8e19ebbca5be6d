package io.github.libco4j.bench.startup;

import io.github.libco4j.EventLoop;
import io.github.libco4j.bench.kotlin.Workloads;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.nio.NioIoHandler;

/** Says hello in the way that it is told to, and ends with its standard input. */
public final class Hello {
    private Hello() {}

    public static void main(String[] arguments) throws Exception {
        switch (arguments[0]) {
            case "plain" -> hello();
            case "virtual" -> Thread.ofVirtual().start(Hello::hello).join();
            case "libco4j" -> EventLoop.run(loop -> hello());
            case "kotlin" -> Workloads.run(Hello::hello);
            case "netty" -> netty();
            default -> throw new IllegalArgumentException(arguments[0]);
        }
        // Whoever has started this reads its CPU time before it ends.
        if (System.in.read() >= 0) {
            throw new IllegalStateException("nothing is expected on the standard input");
        }
    }

    private static void hello() {
        System.out.println("hello");
    }

    private static void netty() throws InterruptedException {
        MultiThreadIoEventLoopGroup group = new MultiThreadIoEventLoopGroup(1, NioIoHandler.newFactory());
        group.submit(Hello::hello).sync();
        group.shutdownGracefully(0, 1, java.util.concurrent.TimeUnit.SECONDS).sync();
    }
}
