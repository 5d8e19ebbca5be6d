package io.github.libco4j.run;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;

/** A program that says where its code runs. */
final class Places {
    private Places() {}

    /** The loop, whichever of its threads has it just now, or that this is a thread: by what the JDK itself takes for the current thread. */
    static String place() throws ReflectiveOperationException {
        String now = Thread.class.getMethod("currentThread").invoke(null).toString(); // Reflection is not woven.
        return now.startsWith("VirtualThread") ? now.substring(now.indexOf('@') + 1).replaceFirst("-spare-\\d+$", "") : "a thread";
    }

    private static final class Cruncher implements Runnable {
        @Override
        public void run() {
            say("cruncher");
        }
    }

    /** Adds without a lock. */
    private static final class Player implements Runnable {
        private static int score;

        @Override
        public void run() {
            for (int i = 0; i < 100_000; i++) {
                score++;
            }
            say("player");
        }
    }

    private static void say(String who) {
        try {
            System.out.println(who + " on " + place());
        } catch (ReflectiveOperationException e) {
            throw new IllegalStateException(e);
        }
    }

    private static void run(Runnable body) throws InterruptedException {
        Thread thread = new Thread(body);
        thread.start();
        thread.join();
    }

    public static void main(String[] arguments) throws Exception {
        say("main");
        run(new Cruncher());
        run(() -> say("worker"));
        List<Thread> players = new ArrayList<>();
        for (int i = 0; i < 20; i++) {
            Thread player = new Thread(new Player());
            players.add(player);
            player.start();
        }
        for (Thread player : players) {
            player.join();
        }
        System.out.println("score " + Player.score);
        CompletableFuture.runAsync(() -> say("future")).join();
        ExecutorService pool = Executors.newFixedThreadPool(1);
        CountDownLatch together = new CountDownLatch(2);
        for (int i = 0; i < 2; i++) {
            pool.execute(() -> {
                say("pooled");
                together.countDown();
                try {
                    System.out.println("together " + together.await(arguments.length > 0 ? 60_000 : 10, TimeUnit.MILLISECONDS));
                } catch (InterruptedException e) {
                    Thread.currentThread().interrupt();
                }
            });
        }
        pool.shutdown();
    }
}
