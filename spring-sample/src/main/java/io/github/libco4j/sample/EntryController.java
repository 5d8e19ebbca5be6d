package io.github.libco4j.sample;

import java.util.List;
import org.springframework.http.HttpStatus;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.ResponseStatus;
import org.springframework.web.bind.annotation.RestController;
import org.springframework.web.server.ResponseStatusException;

/** The guest book by REST. */
@RestController
@RequestMapping("/entries")
class EntryController {
    private final Entries entries;
    private final Greeter greeter;

    EntryController(Entries entries, Greeter greeter) {
        this.entries = entries;
        this.greeter = greeter;
    }

    /** What a guest sends. */
    record NewEntry(String guest, String text) {}

    @PostMapping
    @ResponseStatus(HttpStatus.CREATED)
    Entry write(@RequestBody NewEntry entry) {
        return entries.save(new Entry(entry.guest(), entry.text()));
    }

    @GetMapping("/{id}")
    Entry read(@PathVariable long id) {
        return entries.findById(id).orElseThrow(() -> new ResponseStatusException(HttpStatus.NOT_FOUND));
    }

    @GetMapping
    List<Entry> of(@RequestParam String guest) {
        return entries.findByGuestOrderById(guest);
    }

    /** By a task of {@code @Async}, which may take its time. */
    @GetMapping("/{id}/greeting")
    String greeting(@PathVariable long id, @RequestParam(defaultValue = "0") long millis) {
        return greeter.greet(id, millis).join();
    }
}
