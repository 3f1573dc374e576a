# SPDX-License-Identifier: BSD-2-Clause
# The half that reads: macOS has no live measurement. Not yet run by Homebrew.
class Whoblocks < Formula
  desc "Find out who blocks the mail submission port, from captures"
  homepage "https://whoblocks.invalid/"
  url "https://whoblocks.invalid/releases/whoblocks-0.1.0.tar.xz"
  # sha256 comes with the first release.
  license "BSD-2-Clause"

  depends_on "cmake" => :build
  depends_on "gettext" => :build
  depends_on "ninja" => :build
  depends_on "pkgconf" => :build
  depends_on "jansson"
  depends_on "libpcap"

  def install
    system "cmake", "-G", "Ninja", "-S", ".", "-B", "build", "-DWHOBLOCKS_LIVE=OFF",
           "-DWHOBLOCKS_WERROR=OFF", "-DBUILD_TESTING=OFF", *std_cmake_args
    system "cmake", "--build", "build"
    system "cmake", "--install", "build"
    pkgshare.install "tests/pcaps/demo.46n.pcapng"
  end

  test do
    # 12: blocked in the provider's network.
    output = shell_output("#{bin}/whoblocks replay -q #{pkgshare}/demo.46n.pcapng", 12)
    assert_match "provider's network", output
    assert_match "im Netz Ihres Providers",
                 shell_output("#{bin}/whoblocks replay -q --language de #{pkgshare}/demo.46n.pcapng", 12)
    assert_match "measures nothing", shell_output("#{bin}/whoblocks 192.0.2.1 2>&1", 2)
  end
end
