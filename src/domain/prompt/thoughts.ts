const END_OF_THOUGHTS = '</think>';

/** Whether a response reasons before it answers. In every format the prompt has opened the think block. */
export const hasThoughts = (response: string): boolean => response.split(END_OF_THOUGHTS, 1)[0]!.trim() !== '';
