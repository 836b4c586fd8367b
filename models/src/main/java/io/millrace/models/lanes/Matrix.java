package io.millrace.models.lanes;

/**
 * A matrix within an array, row-major.
 *
 * @param at where it starts in the array
 * @param rows its first dimension
 * @param columns its second dimension; the numbers of one row are neighbours
 */
public record Matrix(int at, int rows, int columns) {}
