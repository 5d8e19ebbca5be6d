/** What cannot work on a loop, or only with care, and what does although it looks otherwise: each row of docs/limits.md, tried. */
package io.github.libco4j.compatibility.limits;
