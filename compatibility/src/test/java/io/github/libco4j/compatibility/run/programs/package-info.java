/** What starts the programs that have no main of their own, and what asks them. None knows of libco4j. */
package io.github.libco4j.compatibility.run.programs;
