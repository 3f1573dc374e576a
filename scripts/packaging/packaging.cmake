# SPDX-License-Identifier: BSD-2-Clause
# Completions, and the packages that cpack makes: cpack -G DEB, cpack -G RPM.

# The completions come from the tables that the program itself parses with.
add_executable(completions ${CMAKE_CURRENT_LIST_DIR}/completions.c)
target_link_libraries(completions PRIVATE edge)
set(completion_files)
foreach(shell bash zsh fish)
	set(file ${generated}/completions/${shell})
	add_custom_command(OUTPUT ${file}
		COMMAND ${CMAKE_COMMAND} -E make_directory ${generated}/completions
		COMMAND completions ${shell} > ${file}
		DEPENDS completions
		VERBATIM)
	list(APPEND completion_files ${file})
endforeach()
add_custom_target(completion_files ALL DEPENDS ${completion_files})
install(FILES ${generated}/completions/bash RENAME whoblocks
	DESTINATION ${CMAKE_INSTALL_DATADIR}/bash-completion/completions)
install(FILES ${generated}/completions/zsh RENAME _whoblocks
	DESTINATION ${CMAKE_INSTALL_DATADIR}/zsh/site-functions)
install(FILES ${generated}/completions/fish RENAME whoblocks.fish
	DESTINATION ${CMAKE_INSTALL_DATADIR}/fish/vendor_completions.d)

# The watch as a service: installed, and off until somebody enables it.
if(WHOBLOCKS_LIVE)
	file(READ ${CMAKE_CURRENT_LIST_DIR}/systemd/hardening.conf HARDENING)
	foreach(unit whoblocks-watch.service whoblocks-check.service whoblocks-check.timer)
		configure_file(${CMAKE_CURRENT_LIST_DIR}/systemd/${unit}.in ${generated}/${unit} @ONLY)
		install(FILES ${generated}/${unit} DESTINATION lib/systemd/system)
	endforeach()
	install(FILES ${CMAKE_CURRENT_LIST_DIR}/systemd/whoblocks.sysusers RENAME whoblocks.conf
		DESTINATION lib/sysusers.d)
endif()
if(WHOBLOCKS_METRICS)
	install(FILES src/data/monitoring/alerts.yml src/data/monitoring/dashboard.json
		DESTINATION ${CMAKE_INSTALL_DATADIR}/whoblocks)
endif()

set(CPACK_PACKAGE_NAME whoblocks)
set(CPACK_PACKAGE_VERSION ${PROJECT_VERSION})
set(CPACK_PACKAGE_CONTACT "whoblocks maintainers <maintainers@whoblocks.invalid>")
set(CPACK_PACKAGE_VENDOR whoblocks)
set(CPACK_PACKAGE_DESCRIPTION_SUMMARY "find out who blocks the mail submission port")
set(CPACK_PACKAGE_DESCRIPTION
"Connections to port 587 time out or are refused: is it this host, the local
network, the provider, somebody in transit, or the mail server? whoblocks
compares the port with a control port of the same servers, hop by hop, and
answers in one sentence, with the packets that prove it.")
set(CPACK_PACKAGING_INSTALL_PREFIX /usr)
set(CPACK_STRIP_FILES ON)
set(CPACK_PACKAGE_FILE_NAME whoblocks-${PROJECT_VERSION})
set(CPACK_GENERATOR DEB)
set(CPACK_PRE_BUILD_SCRIPTS ${CMAKE_CURRENT_LIST_DIR}/before.cmake)
set(CPACK_INSTALL_DEFAULT_DIRECTORY_PERMISSIONS
	OWNER_READ OWNER_WRITE OWNER_EXECUTE GROUP_READ GROUP_EXECUTE WORLD_READ WORLD_EXECUTE)

set(CPACK_DEBIAN_FILE_NAME DEB-DEFAULT)
set(CPACK_DEBIAN_PACKAGE_SECTION net)
set(CPACK_DEBIAN_PACKAGE_PRIORITY optional)
set(CPACK_DEBIAN_PACKAGE_SHLIBDEPS ON)
set(CPACK_DEBIAN_PACKAGE_DEPENDS "adduser, debconf (>= 0.5) | debconf-2.0, libcap2-bin")
set(CPACK_DEBIAN_PACKAGE_RECOMMENDS "ca-certificates, libloc-database")
set(CPACK_DEBIAN_PACKAGE_CONTROL_EXTRA ${CMAKE_CURRENT_LIST_DIR}/deb/config
	${CMAKE_CURRENT_LIST_DIR}/deb/templates ${CMAKE_CURRENT_LIST_DIR}/deb/postinst
	${CMAKE_CURRENT_LIST_DIR}/deb/postrm)
set(CPACK_DEBIAN_PACKAGE_CONTROL_STRICT_PERMISSION ON)

set(CPACK_RPM_FILE_NAME RPM-DEFAULT)
set(CPACK_RPM_PACKAGE_DESCRIPTION ${CPACK_PACKAGE_DESCRIPTION})
# The same bytes from the same sources.
set(CPACK_RPM_SPEC_MORE_DEFINE "%define _buildhost localhost
%define use_source_date_epoch_as_buildtime 1
%define clamp_mtime_to_source_date_epoch 1")
set(CPACK_RPM_PACKAGE_LICENSE BSD-2-Clause)
set(CPACK_RPM_PACKAGE_GROUP Applications/Internet)
# The rights are part of the list of files: rpm gives them, verifies them and keeps them.
set(CPACK_RPM_USER_FILELIST
	"%attr(0750, root, whoblocks) %caps(cap_net_raw=ep) /usr/bin/whoblocks")
set(CPACK_RPM_PACKAGE_REQUIRES_PRE shadow-utils)
set(CPACK_RPM_PACKAGE_PROVIDES "group(whoblocks), user(_whoblocks)")
set(CPACK_RPM_PRE_INSTALL_SCRIPT_FILE ${CMAKE_CURRENT_LIST_DIR}/rpm/pre)
set(CPACK_RPM_EXCLUDE_FROM_AUTO_FILELIST_ADDITION
	/usr/share/man /usr/share/man/man1 /usr/share/man/man7 /usr/share/man/man8
	/usr/lib/systemd /usr/lib/systemd/system /usr/lib/sysusers.d
	/usr/share/bash-completion /usr/share/bash-completion/completions
	/usr/share/zsh /usr/share/zsh/site-functions
	/usr/share/fish /usr/share/fish/vendor_completions.d)
include(CPack)
