# SPDX-License-Identifier: BSD-2-Clause
# What a package has and an installation by hand has not: compressed manuals, and papers.
set(root ${CPACK_TEMPORARY_DIRECTORY}/usr)
set(doc ${root}/share/doc/whoblocks)
file(GLOB manuals ${root}/share/man/man*/*.[0-9])
if(CPACK_GENERATOR STREQUAL "DEB")
	file(MAKE_DIRECTORY ${doc})
	configure_file(${CMAKE_CURRENT_LIST_DIR}/copyright ${doc}/copyright COPYONLY)
	set(VERSION ${CPACK_PACKAGE_VERSION})
	set(CONTACT ${CPACK_PACKAGE_CONTACT})
	# The time of the build, or what SOURCE_DATE_EPOCH has set it to.
	string(TIMESTAMP DATE "%a, %d %b %Y %H:%M:%S +0000" UTC)
	configure_file(${CMAKE_CURRENT_LIST_DIR}/changelog.in ${doc}/changelog @ONLY)
	list(APPEND manuals ${doc}/changelog)
	# Where zsh looks: by hand below /usr/local, and in every package but Debian's, site-functions.
	file(RENAME ${root}/share/zsh/site-functions ${root}/share/zsh/vendor-completions)
endif()
foreach(file ${manuals})
	execute_process(COMMAND gzip -9 -n -f ${file} COMMAND_ERROR_IS_FATAL ANY)
endforeach()
file(GLOB_RECURSE papers ${root}/share/*)
foreach(file ${papers})
	file(CHMOD ${file} PERMISSIONS OWNER_READ OWNER_WRITE GROUP_READ WORLD_READ)
endforeach()
