package io.github.libco4j.inventory;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.libco4j.Coroutine;
import io.github.libco4j.EventLoop;
import io.github.libco4j.Interposition;
import io.github.libco4j.support.ChildJvm;
import java.io.File;
import java.net.InetAddress;
import java.net.spi.InetAddressResolver;
import java.net.spi.InetAddressResolverProvider;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** How often a resolver is asked when many coroutines ask for the same. In a process of its own, with a resolver of its own. */
@Tag("any-readiness")
class NameLookupTest {
    private static final int COROUTINES = 20;
    private static final int MILLIS = 300;
    private static final AtomicInteger NAMES = new AtomicInteger();
    private static final AtomicInteger ADDRESSES = new AtomicInteger();

    @TempDir
    Path directory;

    /** The JDK keeps the answers for names, and has whoever asks meanwhile wait for the first. It does neither for addresses. */
    @Test
    void aNameForWhichManyAskAtTheSameTimeIsAskedOnceAnAddressEachTime() throws Exception {
        Path services = Files.createDirectories(directory.resolve("META-INF/services"));
        Files.writeString(services.resolve(InetAddressResolverProvider.class.getName()), Provider.class.getName());
        String classPath = System.getProperty("java.class.path") + File.pathSeparator + directory;
        assertThat(ChildJvm.output(List.of("-Dlibco4j.stall=0"), classPath, Program.class))
                .contains("a name is asked 1 times, and the loop is free", "an address is asked " + COROUTINES + " times");
    }

    /** A resolver that takes its time, and knows every name. */
    public static final class Provider extends InetAddressResolverProvider implements InetAddressResolver {
        @Override
        public InetAddressResolver get(Configuration configuration) {
            return this;
        }

        @Override
        public String name() {
            return "slow";
        }

        @Override
        public Stream<InetAddress> lookupByName(String host, LookupPolicy policy) {
            query(NAMES);
            return Stream.of(InetAddress.getLoopbackAddress());
        }

        @Override
        public String lookupByAddress(byte[] address) {
            query(ADDRESSES);
            return "localhost";
        }

        private static void query(AtomicInteger count) {
            count.incrementAndGet();
            try {
                Interposition.blocking(() -> {
                    Thread.sleep(MILLIS);
                    return null;
                });
            } catch (InterruptedException e) {
                throw new IllegalStateException(e);
            }
        }
    }

    /** Prints how often that resolver is asked. */
    public static final class Program {
        public static void main(String[] arguments) throws Exception {
            long stalled = Long.MAX_VALUE;
            for (int i = 0; i < 3 && stalled > Measurement.LIMIT_MILLIS; i++) { // Other processes hold up a loop as well.
                String name = "name" + i;
                NAMES.set(0);
                stalled = stalledMillis(() -> InetAddress.getByName(name));
            }
            System.out.println("a name is asked " + NAMES + " times, and the loop "
                    + (stalled <= Measurement.LIMIT_MILLIS ? "is free" : "stands still for " + stalled + " ms"));
            stalledMillis(() -> InetAddress.getByAddress(new byte[] {127, 0, 0, 1}).getHostName());
            System.out.println("an address is asked " + ADDRESSES + " times");
        }

        /** Makes a call in many coroutines; the longest time for which another one did not get its turn. */
        private static long stalledMillis(Coroutine.Body call) throws Exception {
            long longest = 0;
            try (EventLoop loop = EventLoop.builder().start()) {
                List<Coroutine> all = new ArrayList<>();
                for (int i = 0; i < COROUTINES; i++) {
                    all.add(loop.spawn(call));
                }
                longest = loop.call(() -> {
                    long worst = 0;
                    while (all.stream().anyMatch(c -> c.state() != Coroutine.State.DONE)) {
                        long begin = System.nanoTime();
                        Thread.sleep(2);
                        worst = Math.max(worst, System.nanoTime() - begin);
                    }
                    return worst;
                });
            }
            return longest / 1_000_000;
        }
    }
}
