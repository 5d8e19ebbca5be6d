package io.github.libco4j;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.NoSuchElementException;
import java.util.concurrent.CompletionException;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Test;

class GeneratorTest {
    private final List<String> log = new ArrayList<>();

    private static Generator<Integer> upTo(int end) {
        return Generator.of(g -> {
            for (int i = 0; i < end; i++) {
                g.yield(i);
            }
        });
    }

    @Test
    void nextRunsTheBodyAsFarAsItsNextYield() {
        Generator<String> generator = Generator.of(g -> {
            log.add("begins");
            g.yield("a");
            log.add("goes on");
            g.yield("b");
            log.add("ends");
        });
        assertThat(log).isEmpty();
        assertThat(generator.next()).isEqualTo("a");
        assertThat(log).containsExactly("begins");
        assertThat(generator.hasNext()).isTrue();
        assertThat(generator.hasNext()).isTrue();
        assertThat(log).containsExactly("begins", "goes on");
        assertThat(generator.next()).isEqualTo("b");
        assertThat(generator.hasNext()).isFalse();
        assertThat(generator.hasNext()).isFalse();
        assertThat(log).containsExactly("begins", "goes on", "ends");
        assertThatThrownBy(generator::next)
                .isInstanceOf(NoSuchElementException.class)
                .hasMessageContaining("no more values");
    }

    @Test
    void itIsAnIterable() {
        int sum = 0;
        for (int i : upTo(5)) {
            sum += i;
        }
        assertThat(sum).isEqualTo(10);
    }

    @Test
    void itIsAStreamWhichMayBeCutShort() {
        Generator<Integer> all = Generator.of(g -> {
            try {
                for (int i = 0; ; i++) {
                    g.yield(i * i);
                }
            } finally {
                log.add("finally");
            }
        });
        try (var stream = all.stream()) {
            assertThat(stream.limit(4)).containsExactly(0, 1, 4, 9);
        }
        assertThat(log).containsExactly("finally");
    }

    @Test
    void anEmptyBodyHasNoValues() {
        assertThat(upTo(0).hasNext()).isFalse();
        assertThat(upTo(0).stream()).isEmpty();
    }

    @Test
    void nullIsAValue() {
        Generator<String> generator = Generator.of(g -> {
            g.yield(null);
            g.yield("b");
            g.yield(null);
        });
        List<String> values = new ArrayList<>();
        generator.forEachRemaining(values::add);
        assertThat(values).containsExactly(null, "b", null);
    }

    @Test
    void itIsConsumedOnce() {
        Generator<Integer> generator = upTo(3);
        Iterator<Integer> iterator = generator.iterator();
        refused(generator::iterator, "is being consumed already", "make another one");
        refused(generator::stream, "is being consumed already");
        assertThat(iterator.next()).isZero();
        Generator<Integer> begun = upTo(3);
        assertThat(begun.next()).isZero();
        refused(begun::iterator, "is being consumed already");
        assertThat(begun.next()).isEqualTo(1);
    }

    @Test
    void anUncheckedExceptionReachesTheConsumerAsItIs() {
        Generator<Integer> generator = Generator.of(g -> {
            g.yield(1);
            throw new IllegalArgumentException("unchecked");
        });
        assertThat(generator.next()).isEqualTo(1);
        assertThatThrownBy(generator::hasNext).isInstanceOf(IllegalArgumentException.class).hasMessage("unchecked");
        assertThat(generator.hasNext()).isFalse();
        Generator<Integer> failing = Generator.of(g -> {
            throw new AssertionError("error");
        });
        assertThatThrownBy(failing::next).isInstanceOf(AssertionError.class).hasMessage("error");
    }

    @Test
    void aCheckedExceptionReachesTheConsumerAsACause() {
        IOException checked = new IOException("checked");
        Generator<Integer> generator = Generator.of(g -> {
            throw checked;
        });
        assertThatThrownBy(generator::next).isInstanceOf(CompletionException.class).hasCause(checked);
    }

    @Test
    void yieldOutsideItsBodyIsRefused() throws Exception {
        List<Generator.Yielder<Integer>> carriedOut = new ArrayList<>();
        Generator<Integer> generator = Generator.of(g -> {
            carriedOut.add(g);
            g.yield(0);
            g.yield(1);
        });
        assertThat(generator.next()).isZero();
        Generator.Yielder<Integer> yielder = carriedOut.getFirst();
        refused(() -> yielder.yield(1), "in its own body only");
        refused(() -> yielder.yieldAll(upTo(1)), "in its own body only");
        Generator<Integer> other = Generator.of(g -> {
            refused(() -> yielder.yield(1), "in its own body only", "the yielder that this body was given");
            g.yield(7);
        });
        assertThat(other.next()).isEqualTo(7);
        EventLoop.run(loop -> refused(() -> yielder.yield(1), "in its own body only"));
        assertThat(generator.next()).isEqualTo(1);
    }

    @Test
    void theBodyCannotConsumeItself() {
        List<Generator<Integer>> self = new ArrayList<>();
        self.add(Generator.of(g -> {
            refused(self.getFirst()::hasNext, "is being consumed by", "not the body itself");
            refused(self.getFirst()::close, "is being consumed by");
            refused(() -> g.yieldAll(self.getFirst()), "is being consumed already");
            g.yield(1);
        }));
        assertThat(self.getFirst().next()).isEqualTo(1);
        assertThat(self.getFirst().hasNext()).isFalse();
    }

    @Test
    void aBodyMayConsumeOtherGenerators() {
        Generator<Integer> sums = Generator.of(g -> {
            Generator<Integer> a = upTo(3);
            Generator<Integer> b = upTo(3);
            while (a.hasNext() && b.hasNext()) {
                g.yield(a.next() + b.next());
            }
        });
        assertThat(sums.stream()).containsExactly(0, 2, 4);
    }

    @Test
    void itYieldsInsideASynchronizedBlock() {
        Object monitor = new Object();
        Generator<Integer> generator = Generator.of(g -> {
            synchronized (monitor) {
                g.yield(1);
                g.yield(2);
            }
        });
        assertThat(generator.stream()).containsExactly(1, 2);
    }

    private static final class Pinned {
        static final List<String> EVENTS = new ArrayList<>();

        static {
            refused(() -> Holder.yielder.yield(1), "cannot yield from within native code or a class initialiser",
                    "move the yield out");
            refused(() -> Holder.yielder.yieldAll(upTo(1)),
                    "cannot yield from within native code or a class initialiser");
            EVENTS.add("initialised");
        }
    }

    private static final class Holder {
        static Generator.Yielder<Integer> yielder;
    }

    @Test
    void aYieldInAClassInitialiserIsRefusedAndHasDoneNothing() {
        Generator<Integer> generator = Generator.of(g -> {
            Holder.yielder = g;
            assertThat(Pinned.EVENTS).containsExactly("initialised");
            g.yield(2);
            g.yieldAll(upTo(1));
        });
        assertThat(generator.stream()).containsExactly(2, 0);
    }

    private static void refused(ThrowingCallable call, String... parts) {
        assertThatThrownBy(call).isInstanceOf(IllegalStateException.class).hasMessageContainingAll(parts);
    }
}
