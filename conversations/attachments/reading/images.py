"""Images, made anew: upright, in sRGB, with nothing beside their pixels, and no larger than needed.

What is in a file beside its first picture (where it was taken, thumbnails, other frames, another
file behind it) never leaves the helper.
"""

import io

import pi_heif
from PIL import (  # noqa: F401 - each registers its format; the helper can't import later
    AvifImagePlugin,
    GifImagePlugin,
    Image,
    ImageCms,
    JpegImagePlugin,
    MpoImagePlugin,
    PngImagePlugin,
    WebPImagePlugin,
)

from conversations.attachments.reading.patches import LOW_DETAIL, fit_patches, fit_square
from conversations.attachments.reading.values import FileReading, Output, UnreadableFileError

MEDIA_TYPES = {
    "PNG": "image/png",
    "JPEG": "image/jpeg",
    "GIF": "image/gif",
    "WEBP": "image/webp",
    "AVIF": "image/avif",
    "HEIF": "image/heic",
}
VIEW = 2048
JPEG_EXTRA = 4
"""A JPEG may have so many times the pixels: it is scaled while it is decoded."""
QUALITY = 85
MAX_COLOURS = 2**15
"""A picture of more colours is a photo, for which PNG is not even tried."""
ORIENTATION = 0x0112  # EXIF's
UPRIGHT = {
    2: Image.Transpose.FLIP_LEFT_RIGHT,
    3: Image.Transpose.ROTATE_180,
    4: Image.Transpose.FLIP_TOP_BOTTOM,
    5: Image.Transpose.TRANSPOSE,
    6: Image.Transpose.ROTATE_270,
    7: Image.Transpose.TRANSVERSE,
    8: Image.Transpose.ROTATE_90,
}
SRGB = ImageCms.createProfile("sRGB")

# We look at the pixels ourselves, before any is decoded.
Image.MAX_IMAGE_PIXELS = None
# Each thread would take address space, of which there is little.
AvifImagePlugin.DEFAULT_MAX_THREADS = 1
pi_heif.options.DECODE_THREADS = 1
pi_heif.register_heif_opener(thumbnails=False)


def read_image(content: bytes, image_format: str, max_pixels: int) -> FileReading:
    view = open_view(content, image_format, max_pixels)
    outputs = {"view": encode(view)}
    size = fit_patches(*view.size)
    if size != view.size:
        outputs["model"] = encode(view.resize(size, Image.Resampling.LANCZOS))
    outputs["small"] = encode(shrink(view, LOW_DETAIL))
    width, height = view.size
    return FileReading("image", MEDIA_TYPES[image_format], width, height, outputs=outputs)


def cut_square(content: bytes, image_format: str, max_pixels: int, size: int) -> FileReading:
    """Return the middle of a picture, so many pixels wide and high."""
    view = open_view(content, image_format, max_pixels)
    side = min(view.size)
    left, top = (view.width - side) // 2, (view.height - side) // 2
    box = (left, top, left + side, top + side)
    square = view.resize((size, size), Image.Resampling.LANCZOS, box)
    outputs = {"square": save(square, "WEBP", quality=QUALITY)}
    return FileReading("image", MEDIA_TYPES[image_format], size, size, outputs=outputs)


def open_view(content: bytes, image_format: str, max_pixels: int) -> Image.Image:
    """Return the first picture of the file, at most as large as it is shown, and nothing else."""
    with Image.open(io.BytesIO(content), formats=[image_format]) as image:
        is_jpeg = image_format == "JPEG"
        check_pixels(image, max_pixels * JPEG_EXTRA if is_jpeg else max_pixels)
        if is_jpeg:
            image.draft(None, fit_square(image.size, VIEW))
            check_pixels(image, max_pixels)
        image.load()
        # Frames may be larger than the file says.
        check_pixels(image, max_pixels)
        orientation = read_orientation(image)
        view = to_srgb(shrink(to_scalable(image), VIEW), image.info.get("icc_profile"))
    if orientation in UPRIGHT:
        view = view.transpose(UPRIGHT[orientation])
    if view.mode == "RGBA" and view.getchannel("A").getextrema() == (255, 255):
        view = view.convert("RGB")
    # The encoders would write what they find here: comments, profiles, resolutions.
    view.info = {}
    return view


def check_pixels(image: Image.Image, most: int) -> None:
    if image.width * image.height > most:
        raise UnreadableFileError("too_many_pixels")


def read_orientation(image: Image.Image) -> int:
    try:
        return int(image.getexif().get(ORIENTATION, 1))
    except MemoryError:
        raise
    except Exception:
        # Whatever is wrong with it, the picture is there.
        return 1


def to_scalable(image: Image.Image) -> Image.Image:
    """Return the picture in a mode whose pixels can be averaged."""
    if image.mode.startswith(("I;16", "I", "F")):
        # Sixteen bits a pixel, which Pillow would cut off at 255.
        return image.convert("I").point([number >> 8 for number in range(2**16)], "L")
    if image.has_transparency_data:
        return image.convert("RGBA")
    if image.mode in {"L", "CMYK", "YCbCr", "RGB"}:
        return image
    return image.convert("L" if image.mode == "1" else "RGB")


def shrink(image: Image.Image, longest: int) -> Image.Image:
    size = fit_square(image.size, longest)
    if size == image.size:
        return image
    return image.resize(size, Image.Resampling.LANCZOS, reducing_gap=3.0)


def to_srgb(image: Image.Image, profile: bytes | None) -> Image.Image:
    mode = image.mode if image.mode in {"L", "RGBA"} else "RGB"
    if profile and image.mode != "YCbCr":
        try:
            source = ImageCms.ImageCmsProfile(io.BytesIO(profile))
            converted = ImageCms.profileToProfile(
                image, source, SRGB, outputMode="RGBA" if mode == "RGBA" else "RGB"
            )
        except (ImageCms.PyCMSError, OSError, ValueError, TypeError):
            converted = None  # as all do with a profile that makes no sense
        if converted:
            return converted
    return image.convert(mode)


def encode(image: Image.Image) -> Output:
    """Return a picture as PNG if it is a drawing or a screenshot, else as JPEG, or as WebP where
    one can see through it.
    """
    photo_format = "WEBP" if image.mode == "RGBA" else "JPEG"
    photo = save(image, photo_format, quality=QUALITY)
    if image.getcolors(MAX_COLOURS):
        drawing = save(image, "PNG", optimize=True)
        if image.mode == "RGBA" or len(drawing.content) <= len(photo.content):
            return drawing
    return photo


def save(image: Image.Image, image_format: str, **options: object) -> Output:
    buffer = io.BytesIO()
    image.save(buffer, image_format, **options)
    return Output(MEDIA_TYPES[image_format], buffer.getvalue())
