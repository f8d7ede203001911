# A Homebrew formula. brew audit requires the real addresses and the sum of the tarball.
class Xferkey < Formula
  desc "SSH keys for file transfers with IBM Aspera"
  homepage "https://example.org/"
  url "https://example.org/xferkey-0.1.tar.gz"
  sha256 "0000000000000000000000000000000000000000000000000000000000000000"
  license "ISC"

  depends_on "make" => :build # the make of macOS is too old
  depends_on "pkgconf" => :build
  depends_on "gmime"
  depends_on "openssl@3"

  def install
    flags = OS.mac? ? ["LINKING="] : []
    system "gmake", *flags
    system "gmake", "install", "PREFIX=#{prefix}"
  end

  test do
    assert_match version.to_s, shell_output("#{bin}/xferkey -V")
    system bin/"xferkey", "keygen", "-t", "ed25519", "-f", "key"
    assert_match "(ED25519)", shell_output("#{bin}/xferkey fpr key")
  end
end
