# todoke_compile_sql(OUT file...): each x.sql -> gen/x.sql.{h,c} with one struct statement per "-- name:" block.
function(todoke_compile_sql out)
    set(generated)
    foreach(sql ${ARGN})
        get_filename_component(name ${sql} NAME_WE)
        set(base ${CMAKE_BINARY_DIR}/gen/${name}.sql)
        add_custom_command(OUTPUT ${base}.c ${base}.h COMMAND sqlc ${sql} ${base} DEPENDS sqlc ${sql} VERBATIM)
        list(APPEND generated ${base}.c ${base}.h)
    endforeach()
    file(MAKE_DIRECTORY ${CMAKE_BINARY_DIR}/gen)
    set(${out} ${generated} PARENT_SCOPE)
endfunction()

# todoke_embed(OUT name file...): the files' bytes -> gen/<name>_files.c, an array of struct embedded_file (db/migrate.h).
function(todoke_embed out name)
    set(target ${CMAKE_BINARY_DIR}/gen/${name}_files.c)
    add_custom_command(OUTPUT ${target} COMMAND sqlc --embed ${name}_files ${target} ${ARGN} DEPENDS sqlc ${ARGN} VERBATIM)
    set(${out} ${target} PARENT_SCOPE)
endfunction()
