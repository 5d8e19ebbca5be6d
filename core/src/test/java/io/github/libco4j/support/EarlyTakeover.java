package io.github.libco4j.support;

import io.github.libco4j.internal.interposition.IoInterposition;
import io.github.libco4j.internal.jdk.Jdk;
import org.junit.jupiter.api.extension.Extension;

/**
 * Lets libco4j take the JDK's pollers over before the first test. If a test opened a socket before the first loop starts,
 * no close would be certain to be announced: every wait of the whole run would register its descriptor anew, and the
 * usual way, to register once, would go untested.
 */
public final class EarlyTakeover implements Extension {
    public EarlyTakeover() {
        Jdk.require();
        var _ = IoInterposition.instance();
    }
}
