# SPDX-License-Identifier: BSD-2-Clause
# cmake -DINPUT=FILE -DOUTPUT=FILE.c -DNAME=data_x -P embed.cmake: a file's bytes as a C array.
file(READ "${INPUT}" hex HEX)
string(REGEX REPLACE "([0-9a-f][0-9a-f])" "0x\\1," bytes "${hex}")
string(REGEX REPLACE "(................................................................................)" "\\1\n" bytes "${bytes}")
get_filename_component(from "${INPUT}" NAME)
# The bytes go through unsigned char, as those above 0x7f do not fit a plain one.
file(WRITE "${OUTPUT}.new" "/* Made from ${from}; do not edit. */
#include \"data/data.h\"

const unsigned char ${NAME}[] = {
${bytes}
0x00};
const size_t ${NAME}_len = sizeof(${NAME}) - 1;
")
file(RENAME "${OUTPUT}.new" "${OUTPUT}")
