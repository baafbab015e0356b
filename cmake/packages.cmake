# What we stand on, with the oldest version that is known to work.
find_package(PkgConfig REQUIRED)
find_package(Threads REQUIRED)
find_package(OpenSSL 3.0 REQUIRED)
pkg_check_modules(UV REQUIRED IMPORTED_TARGET libuv>=1.44)
pkg_check_modules(PQ REQUIRED IMPORTED_TARGET libpq>=15)
pkg_check_modules(JANSSON REQUIRED IMPORTED_TARGET jansson>=2.14)
pkg_check_modules(ZIP REQUIRED IMPORTED_TARGET libzip>=1.7)
pkg_check_modules(XLSX REQUIRED IMPORTED_TARGET xlsxwriter>=4)
pkg_check_modules(SODIUM REQUIRED IMPORTED_TARGET libsodium>=1.0.18)
pkg_check_modules(FIDO REQUIRED IMPORTED_TARGET libfido2>=1.12)
pkg_check_modules(CURL REQUIRED IMPORTED_TARGET libcurl>=7.88)
pkg_check_modules(JOSE REQUIRED IMPORTED_TARGET jose>=11)
if(TODOKE_TESTS)
    pkg_check_modules(CMOCKA REQUIRED IMPORTED_TARGET cmocka>=1.1.5)
endif()
add_library(Jansson::jansson ALIAS PkgConfig::JANSSON)

# msgpack-c is called msgpack, msgpackc or msgpack-c, by its version.
find_path(MSGPACK_INCLUDE msgpack.h REQUIRED)
find_library(MSGPACK_LIBRARY NAMES msgpack-c msgpackc REQUIRED)
add_library(Msgpack::c UNKNOWN IMPORTED)
set_target_properties(Msgpack::c PROPERTIES IMPORTED_LOCATION ${MSGPACK_LIBRARY}
                      INTERFACE_INCLUDE_DIRECTORIES ${MSGPACK_INCLUDE})

# wslay has no pkg-config file.
find_path(WSLAY_INCLUDE wslay/wslay.h REQUIRED)
find_library(WSLAY_LIBRARY NAMES wslay REQUIRED)
add_library(Wslay::wslay UNKNOWN IMPORTED)
set_target_properties(Wslay::wslay PROPERTIES IMPORTED_LOCATION ${WSLAY_LIBRARY}
                      INTERFACE_INCLUDE_DIRECTORIES ${WSLAY_INCLUDE})

# llhttp below 9 lets requests be smuggled; scripts/setup unpacks a newer one where the system has none.
set(TODOKE_LLHTTP ${CMAKE_SOURCE_DIR}/build/deps/llhttp CACHE PATH "where scripts/setup unpacked llhttp")
find_path(LLHTTP_INCLUDE llhttp.h HINTS ${TODOKE_LLHTTP}/usr/include REQUIRED)
find_library(LLHTTP_LIBRARY NAMES libllhttp.a llhttp HINTS ${TODOKE_LLHTTP}/usr/lib/x86_64-linux-gnu
             ${TODOKE_LLHTTP}/usr/lib/aarch64-linux-gnu REQUIRED)
file(STRINGS ${LLHTTP_INCLUDE}/llhttp.h llhttp_major REGEX "define LLHTTP_VERSION_MAJOR ")
string(REGEX REPLACE "[^0-9]" "" llhttp_major "${llhttp_major}")
if(llhttp_major LESS 9)
    message(FATAL_ERROR "llhttp ${llhttp_major} is too old: 9 or newer is needed (run scripts/setup)")
endif()
add_library(Llhttp::llhttp UNKNOWN IMPORTED)
set_target_properties(Llhttp::llhttp PROPERTIES IMPORTED_LOCATION ${LLHTTP_LIBRARY}
                      INTERFACE_INCLUDE_DIRECTORIES ${LLHTTP_INCLUDE})
