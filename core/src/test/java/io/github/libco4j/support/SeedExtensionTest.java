package io.github.libco4j.support;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class SeedExtensionTest {
    @Test
    void everyTestHasASeed() {
        assertThat(Long.getLong(SeedExtension.PROPERTY)).isNotNull();
    }
}
