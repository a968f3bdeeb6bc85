"""Images are made anew: upright, without what else is in the file, and no larger than needed."""

import pytest
from PIL import Image, ImageCms

from tests.attachments.picture_files import BLUE, HEIC, RED, exif, halves, photo, png_header, save
from tests.attachments.reading import find_error, picture, read

NEAR = 40  # how far a colour may be from what it was, for all encoders


def is_near(pixel: object, colour: tuple[int, int, int]) -> bool:
    assert isinstance(pixel, tuple)
    return all(abs(ours - theirs) < NEAR for ours, theirs in zip(pixel, colour, strict=False))


@pytest.mark.parametrize("image_format", ["PNG", "JPEG", "GIF", "WEBP", "AVIF"])
def test_an_image_of_each_format_is_read(image_format: str) -> None:
    reading = read(save(halves(), image_format))
    view = picture(reading, "view").convert("RGB")
    assert (reading.kind, reading.media_type) == ("image", f"image/{image_format.lower()}")
    assert (reading.width, reading.height) == view.size == (64, 48)
    assert is_near(view.getpixel((5, 5)), RED)
    assert is_near(view.getpixel((60, 5)), BLUE)


def test_a_phones_heic_is_read() -> None:
    reading = read(HEIC)
    assert (reading.media_type, reading.width, reading.height) == ("image/heic", 64, 48)
    assert is_near(picture(reading, "view").convert("RGB").getpixel((5, 5)), RED)


@pytest.mark.parametrize("image_format", ["JPEG", "PNG", "WEBP", "AVIF"])
def test_an_image_that_lies_on_its_side_is_put_upright(image_format: str) -> None:
    view = picture(read(save(halves(), image_format, exif=exif(orientation=6))), "view")
    assert view.size == (48, 64)
    assert is_near(view.convert("RGB").getpixel((5, 5)), RED)
    assert is_near(view.convert("RGB").getpixel((5, 60)), BLUE)


@pytest.mark.parametrize("image_format", ["JPEG", "PNG", "WEBP", "AVIF"])
def test_nothing_of_the_file_is_kept_but_its_pixels(image_format: str) -> None:
    profile = ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes()
    options = {"exif": exif(), "icc_profile": profile, "xmp": b"<x:xmpmeta>Berlin</x:xmpmeta>"}
    if image_format == "JPEG":
        options["comment"] = b"Berlin"
    content = save(photo(600, 400), image_format, **options)
    assert b"Acme" in content
    for name, output in read(content).outputs.items():
        image = picture(read(content), name)
        assert not image.getexif()
        assert not image.info.keys() & {"exif", "icc_profile", "xmp", "comment"}
        assert not any(secret in output.content for secret in (b"Acme", b"Berlin", b"sRGB"))


def test_a_profile_of_colours_is_turned_into_srgb() -> None:
    srgb = ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes()
    # Of a screen whose red lamps were taken for the green ones.
    other = srgb.replace(b"rXYZ", b"?").replace(b"gXYZ", b"rXYZ").replace(b"?", b"gXYZ")
    content = save(Image.new("RGB", (8, 8), (255, 0, 0)), "PNG", icc_profile=other)
    assert is_near(picture(read(content), "view").getpixel((0, 0)), (0, 255, 0))


def test_a_profile_that_makes_no_sense_is_left_out() -> None:
    content = save(halves(), "PNG", icc_profile=b"nonsense")
    assert picture(read(content), "view").convert("RGB").getpixel((0, 0)) == RED


@pytest.mark.parametrize("image_format", ["GIF", "WEBP", "PNG"])
def test_an_animation_is_its_first_picture(image_format: str) -> None:
    frames = [Image.new("RGB", (20, 10), BLUE)] * 2
    content = save(halves(20, 10), image_format, save_all=True, append_images=frames)
    view = picture(read(content), "view")
    assert getattr(view, "n_frames", 1) == 1
    assert is_near(view.convert("RGB").getpixel((0, 0)), RED)


def test_a_large_photo_is_scaled_to_what_is_shown_and_to_what_the_model_uses() -> None:
    reading = read(save(photo(1800, 2400), "JPEG"))
    sizes = {name: picture(reading, name).size for name in reading.outputs}
    assert sizes == {"view": (1536, 2048), "model": (1056, 1408), "small": (384, 512)}
    assert {output.media_type for output in reading.outputs.values()} == {"image/jpeg"}


def test_an_image_that_the_model_uses_as_it_is_shown_is_kept_once() -> None:
    assert read(save(photo(1024, 1024), "PNG")).outputs.keys() == {"view", "small"}


def test_a_drawing_becomes_a_png() -> None:
    assert read(save(halves(), "WEBP", lossless=True)).outputs["view"].media_type == "image/png"


@pytest.mark.parametrize(("colours", "media_type"), [(1, "image/png"), (2, "image/webp")])
def test_one_can_still_see_through_an_image(colours: int, media_type: str) -> None:
    image = (halves() if colours == 1 else photo(300, 200)).convert("RGBA")
    image.paste((0, 0, 0, 0), (0, 0, 10, 10))
    reading = read(save(image, "PNG"))
    view = picture(reading, "view")
    assert reading.outputs["view"].media_type == media_type
    assert view.getchannel("A").getpixel((2, 2)) == 0
    assert view.getchannel("A").getpixel((40, 40)) == 255


@pytest.mark.parametrize("mode", ["1", "L", "LA", "P", "CMYK", "YCbCr", "I;16"])
def test_an_image_of_any_mode_looks_as_it_did(mode: str) -> None:
    if mode == "I;16":
        content = save(Image.new("I;16", (8, 8), 0x8080), "PNG")
    else:
        image_format = "JPEG" if mode in {"CMYK", "YCbCr"} else "PNG"
        content = save(
            Image.new("L", (8, 8), 255 if mode == "1" else 128).convert(mode), image_format
        )
    pixel = picture(read(content), "view").convert("RGB").getpixel((4, 4))
    assert is_near(pixel, (255,) * 3 if mode == "1" else (128,) * 3)


@pytest.mark.parametrize("size", [(3000, 1), (1, 3000), (1, 1)])
def test_the_thinnest_image_is_read(size: tuple[int, int]) -> None:
    reading = read(save(Image.new("L", size), "PNG"))
    assert max(picture(reading, "small").size) <= 512


def test_an_image_of_too_many_pixels_is_refused_before_it_is_decoded() -> None:
    assert find_error(png_header(20_000, 25_000)) == "too_many_pixels"


def test_a_jpeg_may_be_larger_as_it_is_scaled_while_it_is_decoded() -> None:
    content = save(halves(4200, 4200), "JPEG")
    assert read(content, max_pixels=4_500_000).width == 2048
    assert find_error(content, max_pixels=4_400_000) == "too_many_pixels"


@pytest.mark.parametrize("image_format", ["PNG", "JPEG", "GIF", "WEBP", "AVIF"])
def test_half_an_image_is_damaged(image_format: str) -> None:
    content = save(photo(300, 200), image_format)
    assert find_error(content[: len(content) // 2]) == "damaged"


def test_half_a_heic_is_damaged() -> None:
    assert find_error(HEIC[:500]) == "damaged"


def test_of_an_image_that_is_also_a_page_only_the_image_is_left() -> None:
    page = b"<html><script>alert(1)</script></html>"
    content = save(halves(), "GIF", comment=page) + page
    reading = read(content, name="page.html")
    assert reading.media_type == "image/gif"
    assert not any(b"script" in output.content for output in reading.outputs.values())


def test_formats_that_nobody_asked_for_are_not_images() -> None:
    for image_format in ("BMP", "TIFF", "PPM", "ICO", "TGA", "PCX"):
        assert find_error(save(halves(), image_format)) == "unknown_kind"
