# Language, warnings, hardening, sanitizers: the same for every target.
set(CMAKE_C_STANDARD 11)
set(CMAKE_C_STANDARD_REQUIRED ON)
set(CMAKE_C_EXTENSIONS OFF)
set(CMAKE_EXPORT_COMPILE_COMMANDS ON)
set(CMAKE_POSITION_INDEPENDENT_CODE ON)

option(TODOKE_TESTS "build the unit tests" OFF)
option(TODOKE_ASAN "address and undefined-behaviour sanitizers" OFF)
option(TODOKE_FUZZ "libFuzzer targets (clang)" OFF)
option(TODOKE_HARDEN "hardening flags" OFF)

add_compile_definitions(_GNU_SOURCE)
add_compile_options(-Wall -Wextra -Werror -Wconversion -Wshadow -Wmissing-prototypes -Wstrict-prototypes
                    -Wno-missing-field-initializers -fno-strict-aliasing -fno-omit-frame-pointer)

if(TODOKE_HARDEN)
    include(CheckPIESupported)
    check_pie_supported()
    add_compile_options(-fstack-protector-strong -fstack-clash-protection -D_FORTIFY_SOURCE=2
                        $<$<STREQUAL:${CMAKE_SYSTEM_PROCESSOR},x86_64>:-fcf-protection>)
    add_link_options(-pie -Wl,-z,relro,-z,now,-z,noexecstack)
endif()
if(TODOKE_ASAN)
    add_compile_options(-fsanitize=address,undefined -fno-sanitize-recover=undefined)
    add_link_options(-fsanitize=address,undefined)
endif()
if(TODOKE_FUZZ)
    add_compile_options(-fsanitize=address,undefined,fuzzer-no-link)
    add_link_options(-fsanitize=address,undefined)
endif()
