/** Damaged inputs of every kind for everything that parses: each is refused in words, costs little, and stops nothing. */
package io.millrace.tests.fuzz;
