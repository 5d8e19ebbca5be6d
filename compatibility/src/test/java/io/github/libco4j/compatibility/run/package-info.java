/** Real programs, each in a process of its own, as threads and as coroutines. */
package io.github.libco4j.compatibility.run;
