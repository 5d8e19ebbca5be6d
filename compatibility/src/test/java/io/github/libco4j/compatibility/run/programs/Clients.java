package io.github.libco4j.compatibility.run.programs;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.FutureTask;

/** Asks a server from many threads. */
public interface Clients {
    /** What one client has learned from the server at this port. */
    String ask(int port, int client) throws Exception;

    /** How many there are. */
    int number();

    /** What all have learned: each asks on a thread of its own. */
    default List<String> askAll(int port) throws Exception {
        List<FutureTask<String>> all = new ArrayList<>();
        for (int i = 0; i < number(); i++) {
            int client = i;
            FutureTask<String> task = new FutureTask<>(() -> ask(port, client));
            all.add(task);
            new Thread(task, "client " + i).start();
        }
        List<String> answers = new ArrayList<>();
        for (FutureTask<String> task : all) {
            answers.add(task.get());
        }
        return answers;
    }

    /** {@code CLASS PORT}: runs clients as a program, which prints their answers. */
    static void main(String[] arguments) throws Exception {
        Clients clients = Class.forName(arguments[0]).asSubclass(Clients.class).getDeclaredConstructor().newInstance();
        clients.askAll(Integer.parseInt(arguments[1])).forEach(System.out::println);
        System.out.flush();
        System.exit(0);
    }
}
