package io.github.libco4j.sample;

import java.util.List;
import org.springframework.data.jpa.repository.JpaRepository;

/** The entries in the database. */
public interface Entries extends JpaRepository<Entry, Long> {
    List<Entry> findByGuestOrderById(String guest);
}
