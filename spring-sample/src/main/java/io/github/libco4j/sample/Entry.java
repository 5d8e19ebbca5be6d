package io.github.libco4j.sample;

import jakarta.persistence.Column;
import jakarta.persistence.Entity;
import jakarta.persistence.GeneratedValue;
import jakarta.persistence.GenerationType;
import jakarta.persistence.Id;
import org.jspecify.annotations.Nullable;

/** What a guest has written. */
@Entity
public class Entry {
    @Id
    @GeneratedValue(strategy = GenerationType.IDENTITY)
    private @Nullable Long id;

    @Column(nullable = false)
    private String guest = "";

    @Column(nullable = false)
    private String text = "";

    protected Entry() {}

    public Entry(String guest, String text) {
        this.guest = guest;
        this.text = text;
    }

    public @Nullable Long getId() {
        return id;
    }

    public String getGuest() {
        return guest;
    }

    public String getText() {
        return text;
    }
}
