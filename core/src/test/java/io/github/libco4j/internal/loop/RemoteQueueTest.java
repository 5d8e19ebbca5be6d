package io.github.libco4j.internal.loop;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReferenceFieldUpdater;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

@Tag("any-readiness")
class RemoteQueueTest {
    private static final class Item {
        static final AtomicReferenceFieldUpdater<Item, Object> LINK =
                AtomicReferenceFieldUpdater.newUpdater(Item.class, Object.class, "link");

        volatile Object link;
        volatile int announced;
        final int producer;
        final int number;

        Item(int producer, int number) {
            this.producer = producer;
            this.number = number;
        }
    }

    private final RemoteQueue<Item> submissions = new RemoteQueue<>(Item.LINK);

    private List<Item> take() {
        List<Item> taken = new ArrayList<>();
        submissions.takeAll(taken::add);
        return taken;
    }

    @Test
    void areTakenOldestFirst() {
        Item a = new Item(0, 0);
        Item b = new Item(0, 1);
        Item c = new Item(0, 2);
        assertThat(submissions.isEmpty()).isTrue();
        assertThat(submissions.submit(a)).isTrue();
        assertThat(submissions.submit(b)).isTrue();
        assertThat(submissions.submit(c)).isTrue();
        assertThat(submissions.isEmpty()).isFalse();
        assertThat(take()).containsExactly(a, b, c);
        assertThat(submissions.isEmpty()).isTrue();
        assertThat(take()).isEmpty();
    }

    @Test
    void whatAConsumerFailsToTakeIsStillThere() {
        Item a = new Item(0, 0);
        Item b = new Item(0, 1);
        Item c = new Item(0, 2);
        List.of(a, b, c).forEach(submissions::submit);
        assertThatThrownBy(() -> submissions.takeAll(item -> {
                    if (item != a) {
                        throw new OutOfMemoryError("by way of a test");
                    }
                }))
                .isInstanceOf(OutOfMemoryError.class);
        assertThat(take()).containsExactly(b, c);
        assertThat(take()).isEmpty();
    }

    @Test
    void whatIsInTheStackIsNotAddedAgain() {
        Item a = new Item(0, 0);
        Item b = new Item(0, 1);
        submissions.submit(a);
        submissions.submit(b);
        assertThat(submissions.submit(a)).isTrue();
        assertThat(submissions.submit(b)).isTrue();
        assertThat(take()).containsExactly(a, b);
        assertThat(submissions.submit(b)).isTrue();
        assertThat(take()).containsExactly(b);
    }

    @Test
    void whatIsSubmittedWhileTheyAreTakenComesNextTime() {
        Item a = new Item(0, 0);
        Item b = new Item(0, 1);
        submissions.submit(a);
        submissions.submit(b);
        List<Item> taken = new ArrayList<>();
        submissions.takeAll(item -> {
            taken.add(item);
            submissions.submit(a); // Its claim has been cleared: it is in again.
            submissions.submit(b); // It has yet to be looked at, the first time.
        });
        assertThat(taken).containsExactly(a, b);
        assertThat(take()).containsExactly(a, b);
    }

    @Test
    void aTakenItemHoldsOnToNobody() {
        Item a = new Item(0, 0);
        Item b = new Item(0, 1);
        submissions.submit(a);
        submissions.submit(b);
        take();
        assertThat(a.link).isNull();
        assertThat(b.link).isNull();
    }

    @Test
    void closeOnlyWhenEmptyAndRefuseFromThenOn() {
        Item a = new Item(0, 0);
        submissions.submit(a);
        assertThat(submissions.closeIfEmpty()).isFalse();
        take();
        assertThat(submissions.closeIfEmpty()).isTrue();
        assertThat(submissions.closeIfEmpty()).isTrue();
        assertThat(submissions.submit(a)).isFalse();
        assertThat(submissions.submit(a)).isFalse();
        assertThat(submissions.isEmpty()).isTrue();
        assertThat(take()).isEmpty();
    }

    @Test
    void ofManyProducersEachKeepsItsOrderAndNothingIsLostAtTheClose() throws InterruptedException {
        int producers = 4;
        int each = 100_000;
        AtomicInteger accepted = new AtomicInteger();
        CountDownLatch done = new CountDownLatch(producers);
        List<Thread> threads = new ArrayList<>();
        for (int p = 0; p < producers; p++) {
            int producer = p;
            threads.add(Thread.ofPlatform().start(() -> {
                for (int i = 0; i < each; i++) {
                    if (submissions.submit(new Item(producer, i))) {
                        accepted.incrementAndGet();
                    }
                }
                done.countDown();
            }));
        }
        int[] last = {-1, -1, -1, -1};
        int[] taken = new int[1];
        AtomicInteger outOfOrder = new AtomicInteger();
        // One producer's last hundred or so come too late.
        while (taken[0] < producers * each - each / 2 || !submissions.closeIfEmpty()) {
            submissions.takeAll(item -> {
                if (item.number != last[item.producer] + 1) {
                    outOfOrder.incrementAndGet();
                }
                last[item.producer] = item.number;
                taken[0]++;
            });
        }
        done.await();
        for (Thread thread : threads) {
            thread.join();
        }
        assertThat(outOfOrder).hasValue(0);
        assertThat(accepted).hasValue(taken[0]);
    }

    @Test
    void noAnnouncementOfManyProducersOfTheSameItemsIsLost() throws InterruptedException {
        int producers = 4;
        int rounds = 100_000;
        Item[] items = new Item[8];
        for (int i = 0; i < items.length; i++) {
            items[i] = new Item(0, i);
        }
        AtomicReferenceFieldUpdater<Item, Object> link = Item.LINK;
        CountDownLatch done = new CountDownLatch(producers);
        AtomicInteger[] announced = new AtomicInteger[items.length];
        for (int i = 0; i < items.length; i++) {
            announced[i] = new AtomicInteger();
        }
        for (int p = 0; p < producers; p++) {
            int producer = p;
            Thread.ofPlatform().start(() -> {
                for (int i = 0; i < rounds; i++) {
                    int n = (i * 7 + producer) % items.length;
                    items[n].announced = announced[n].incrementAndGet();
                    boolean ignored = submissions.submit(items[n]);
                }
                done.countDown();
            });
        }
        int[] looked = new int[items.length];
        while (done.getCount() > 0 || !submissions.isEmpty()) {
            submissions.takeAll(item -> looked[item.number] = announced[item.number].get());
        }
        for (int i = 0; i < items.length; i++) {
            assertThat(looked[i]).as("item %d", i).isEqualTo(announced[i].get());
            assertThat(link.get(items[i])).isNull();
        }
    }
}
