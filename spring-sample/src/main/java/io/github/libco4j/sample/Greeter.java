package io.github.libco4j.sample;

import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import org.springframework.scheduling.annotation.Async;
import org.springframework.scheduling.annotation.Scheduled;
import org.springframework.stereotype.Service;

/** Tasks of both kinds. Each remembers the name of its thread, which says where it ran. */
@Service
class Greeter {
    private final Entries entries;
    private final AtomicReference<String> lastCount = new AtomicReference<>("not yet");

    Greeter(Entries entries) {
        this.entries = entries;
    }

    @Async
    public CompletableFuture<String> greet(long id, long millis) {
        try {
            TimeUnit.MILLISECONDS.sleep(millis);
        } catch (InterruptedException e) {
            return CompletableFuture.failedFuture(e);
        }
        String guest = entries.findById(id).map(Entry::getGuest).orElse("whoever you are");
        return CompletableFuture.completedFuture("Hello, " + guest + ", from " + Thread.currentThread() + "; " + lastCount.get());
    }

    @Scheduled(fixedDelay = 1000)
    public void count() {
        lastCount.set(entries.count() + " entries, counted by " + Thread.currentThread());
    }
}
